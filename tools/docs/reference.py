"""The generated reference: one function for each kind of object that has pages."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from poise.app import checks, permissions
from poise.model import errors
from poise.model.check import Check
from tools.docs import commands, records, standards

Page = tuple[str, str]
"""Path below the documentation's root, and Markdown."""


def pages() -> Iterator[Page]:
    """Yield every generated page."""
    yield "reference/commands.md", commands.commands()
    yield "reference/settings.md", commands.settings_page()
    yield "reference/errors.md", _errors()
    yield from _checks()
    yield from standards.pages()
    found = list(records.pages())
    yield "reference/records/index.md", _records_index(found)
    yield from found
    for provider in permissions.PROVIDERS:
        yield f"reference/permissions-{provider}.md", _permissions(provider)


def _checks() -> Iterator[Page]:
    every = checks.all_checks()
    yield "reference/checks/index.md", _checks_index(every)
    for check in every:
        yield f"reference/checks/{check.id}.md", checks.render(check)


def _checks_index(every: tuple[Check, ...]) -> str:
    groups: dict[str, list[Check]] = {}
    for check in every:
        groups.setdefault(" ".join(check.id.split(".")[:2]), []).append(check)
    parts = [f"# Checks\n\n{len(every)} checks, each with its own executed examples."]
    for name, found in groups.items():
        rows = (f"| {c.severity} | [{c.title}]({c.id}.md) | `{c.id}` |" for c in found)
        parts.append("\n".join((f"## {name}\n", "| severity | recommendation | check |", "|---|---|---|", *rows)))
    return "\n\n".join(parts) + "\n"


def _records_index(found: list[Page]) -> str:
    rows = (f"- [{text.splitlines()[0].removeprefix('# ')}]({path.split('/')[-1]})" for path, text in found)
    intro = (
        "A record holds what the provider's API said about one asset, and never a judgement. A field that could not "
        "be read is absent and named in `unread` with the reason. Every record also has `id`, `name`, `scope`, "
        "`region` and `tags`."
    )
    return "\n".join((f"# Records\n\n{intro}\n", *rows)) + "\n"


def _permissions(provider: str) -> str:
    title = {"aws": "Permissions on AWS", "azure": "Permissions on Azure"}.get(provider, f"Permissions on {provider}")
    grants = permissions.grants(provider)
    rows = (
        f"| `{g.permission}` | {', '.join(f'`{c}`' for c in g.calls)} | {', '.join(f'`{f}`' for f in g.feeds)} |"
        for g in grants
    )
    intro = (
        f"The connector needs these {len(grants)} permissions and no other; all of them read. Without one, the fields "
        f"it feeds are unread, and checks that need them say `unknown`. `poise connect policy {provider}` prints them "
        "as a document to give to the cloud."
    )
    table = "\n".join(("| permission | calls | feeds |", "|---|---|---|", *rows))
    return f"# {title}\n\n{intro}\n\n{table}\n\n{_secrets(provider)}\n"


def _secrets(provider: str) -> str:
    marked = [read for reads in permissions.reads(provider).values() for read in reads if read.secret]
    if not marked:
        return "## Fields that may bear secrets\n\nNo answer that is read holds such a field."
    rows = (f"| `{read.call}` | {', '.join(f'`{name}`' for name in read.secret)} |" for read in marked)
    intro = (
        "These are scanned in memory and never stored: what is kept is their length, a keyed hash and what was seen."
    )
    return "\n".join((f"## Fields that may bear secrets\n\n{intro}\n", "| call | fields |", "|---|---|", *rows))


def _errors() -> str:
    tree = (inspect.getdoc(errors) or "").split("::", 1)[1].strip("\n")
    found = [
        member for member in vars(errors).values() if isinstance(member, type) and issubclass(member, errors.PoiseError)
    ]
    sections = (
        f"## {error.__name__}\n\nExit code {error.exit_code}. {' '.join((inspect.getdoc(error) or '').split())}"
        for error in found
    )
    text = "\n\n".join(sections).replace("``", "`")
    intro = "An error says what happened, to what, and what to do."
    return f"# Errors\n\n{intro}\n\n```text\n{inspect.cleandoc(tree)}\n```\n\n{text}\n"
