"""Exemptions as people type them into forms and programs send them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from poise.app.workspace import Workspace
from poise.model.errors import UsageError
from poise.model.exemption import Covers, Exemption, Kind
from poise.model.listings import AuditRow, Paging
from poise.model.moment import end_of

SETS = ("checks", "standards", "categories", "severities", "nodes", "scopes", "groups", "cves")
"""Fields of several values, parted by commas or spaces."""
SCORES = ("cvss_at_least", "cvss_at_most")
LINES = ("assets",)
"""Fields with a value on each line."""
FIELDS = ("name", "kind", "reason", "approver", "until", *SETS, *LINES, "tags", *SCORES)
SPLIT = re.compile(r"[,\s]+")
DEEDS = ("exemption added", "exemption removed", "check disabled", "check enabled")
LOOKED_AT = 500
"""Rows of the audit log that are looked through."""


def exemption_of(fields: Mapping[str, str]) -> Exemption:
    """Return the exemption that a form holds. Raises :class:`UsageError` for what cannot be."""
    values: dict[str, Any] = {name: _parts(fields.get(name, "")) for name in SETS}
    values |= {name: fields[name].strip().splitlines() for name in LINES if fields.get(name, "").strip()}
    values |= {name: _score(fields[name], name) for name in SCORES if fields.get(name, "").strip()}
    values["tags"] = dict(_tag(text) for text in fields.get("tags", "").splitlines() if text.strip())
    return made(
        {name: fields.get(name, "").strip() for name in ("name", "kind", "reason", "approver", "until")}, values
    )


def made(texts: Mapping[str, str], covers: Mapping[str, Any]) -> Exemption:
    """Return an exemption of texts and of what it covers. Raises :class:`UsageError` for what cannot be."""
    kind = texts.get("kind") or Kind.WAIVER.value
    if kind not in list(Kind):
        raise UsageError(f"The kind is {kind!r}.", f"Choose from {', '.join(Kind)}.")
    try:
        until = end_of(texts.get("until", ""))
    except ValueError as problem:
        raise UsageError(f"It ends on {texts.get('until', '')!r}.", "Give a date like 2026-12-31.") from problem
    try:
        what = msgspec.convert(dict(covers), Covers)
    except msgspec.ValidationError as problem:
        raise UsageError(f"{problem}.".replace("`$.", "`"), "Look at what the field may hold.") from problem
    return Exemption(
        name=texts.get("name", ""),
        kind=Kind(kind),
        covers=what,
        reason=texts.get("reason", ""),
        approver=texts.get("approver", ""),
        until=until,
    )


def deeds(workspace: Workspace, most: int = 50) -> tuple[AuditRow, ...]:
    """Return what was last done to exemptions and to checks that are switched off, newest first."""
    rows = workspace.store.audit.page(Paging(limit=LOOKED_AT, count_up_to=1)).rows
    return tuple(row for row in rows if row.action in DEEDS)[:most]


def _parts(text: str) -> list[str]:
    return [part for part in SPLIT.split(text) if part]


def _score(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError as problem:
        raise UsageError(f"{name} is {text!r}.", "Give a number of 0 to 10.") from problem


def _tag(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name.strip() or not equals:
        raise UsageError(f"The tag {text!r} has no value.", "Write name=value.")
    return name.strip(), value.strip()
