"""The tenant's checks that are written as files: found, made into checks, and judged by one process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from poise.app.custom.sandbox import Sandbox
from poise.assess.custom.definition import MAX_BYTES, Definition, read
from poise.assess.custom.rule import check, compile_rules
from poise.collect import files
from poise.model.check import Check
from poise.model.errors import BadInput, UsageError

SKELETON = """title = "{plural} should ..."
kind = "{kind}"
severity = "medium"
risk = "(Say what may happen.)"
healthy_if = "asset.name != ''"
fix = "(Say what to do about it.)"

[[examples]]
name = "as it should be"
state = "healthy"

[[examples]]
name = "as it should not be"
state = "unhealthy"
changes = {{ name = "bad" }}
"""


def own_checks(paths: Iterable[Path]) -> dict[str, Check]:
    """Return the checks of TOML files, and of those in folders, by id. No rule is compiled, and no process started.

    Raises :class:`BadInput` with the file and line for what is wrong in one, :class:`UsageError` for a file that
    cannot be read or an id that is taken.
    """
    sandbox = Sandbox()
    found: dict[str, Check] = {}
    for path, definition in definitions(paths):
        made = _placed(path, definition, sandbox)
        if made.id in found:
            raise UsageError(f"{path}: there is a check {made.id!r} already.", "Give the file another name.")
        found[made.id] = made
    return found


def definitions(paths: Iterable[Path]) -> Iterator[tuple[Path, Definition]]:
    """Yield each file with the definition in it; its name is the name of the check."""
    for path in _expanded(paths):
        yield path, read(text_of(path), str(path))


def validate(paths: Iterable[Path]) -> None:
    """Compile every rule; raises :class:`BadInput` with file, line and column for one that does not."""
    with Sandbox() as sandbox:
        for path, definition in definitions(paths):
            try:
                compile_rules(_placed(path, definition, sandbox).asset, definition, sandbox)
            except BadInput as wrong:
                raise BadInput(f"{path}: {wrong.what}", wrong.do) from None


def skeleton_text(kind: str) -> str:
    """Return the beginning of a definition for assets of a kind."""
    words = kind.rpartition("::")[2].rpartition("/")[2]
    return SKELETON.format(kind=kind, plural=f"{words}s")


def write_skeleton(name: str, kind: str, folder: Path) -> Path:
    """Begin a check in a folder, with examples of which one is red; return the file."""
    path = folder / f"{name}.toml"
    if path.exists():
        raise UsageError(f"{path} is there already.", "Choose another name.")
    text = skeleton_text(kind)
    _placed(path, read(text, str(path)), Sandbox())
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def text_of(path: Path) -> str:
    """Return the definition in a file. Raises :class:`UsageError` or :class:`BadInput` if it cannot be read."""
    return files.text_of(path, MAX_BYTES)


def _placed(path: Path, definition: Definition, sandbox: Sandbox) -> Check:
    try:
        return check(path.stem, definition, sandbox)
    except BadInput as wrong:
        raise BadInput(f"{path}: {wrong.what}", wrong.do) from None


def _expanded(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(path.glob("*.toml")) if path.is_dir() else (path,)
