"""Reference of records: every kind of asset with its fields, read from the source where the docstrings stand."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from poise.model.asset import Asset, Part
from poise.model.kinds import by_kind


@dataclass(frozen=True)
class Field:
    """A field with what its docstring says."""

    name: str
    type: str
    meaning: str


def pages() -> Iterator[tuple[str, str]]:
    """Yield a page for each module that holds records."""
    modules: dict[str, list[type[Asset]]] = {}
    for kind in by_kind().values():
        modules.setdefault(kind.__module__, []).append(kind)
    for name, kinds in sorted(modules.items()):
        module = sys.modules[name]
        title = (inspect.getdoc(module) or name).split("\n")[0].rstrip(".")
        provider, service = name.split(".")[-2:]
        yield f"reference/records/{provider}-{service}.md", _page(title, module, kinds)


def _page(title: str, module: ModuleType, kinds: list[type[Asset]]) -> str:
    parts = [
        member
        for member in vars(module).values()
        if isinstance(member, type) and issubclass(member, Part) and member.__module__ == module.__name__
    ]
    sections = [f"# {title}"]
    for kind in kinds:
        sections.append(f"## {kind.__name__}\n\n`{kind.KIND}`: {_doc(kind)}\n\n{_table(fields(kind))}")
    if parts:
        sections.append("## Pieces\n\nThese stand inside the records above.")
        sections += [f"### {part.__name__}\n\n{_doc(part)}\n\n{_table(fields(part))}" for part in parts]
    return "\n\n".join(sections) + "\n"


def fields(kind: type) -> list[Field]:
    """Return the fields of a record or of a piece, in order, without those of its base."""
    body = _classes(kind.__module__)[kind.__name__].body
    found = []
    for statement, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found.append(Field(statement.target.id, ast.unparse(statement.annotation), _text(after)))
    return found


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _text(statement: ast.stmt | None) -> str:
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return " ".join(str(statement.value.value).split())
    return ""


def _doc(kind: type) -> str:
    return " ".join((inspect.getdoc(kind) or "").split())


def _table(found: list[Field]) -> str:
    if not found:
        return "It has no facts of its own."
    rows = (
        f"| `{field.name}` | `{field.type.replace('|', chr(92) + '|')}` | {_cell(field.meaning)} |" for field in found
    )
    return "\n".join(("| field | type | meaning |", "|---|---|---|", *rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("``", "`")
