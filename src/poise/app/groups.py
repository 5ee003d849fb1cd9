"""Use cases about groups of assets: set them by hand or from a file, remove them, list them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from poise.app.workspace import Workspace
from poise.collect.files import text_of
from poise.model.errors import BadInput, UsageError
from poise.model.group import Asked, Group, GroupRow, Wanted
from poise.model.listings import AssetRow
from poise.model.viewer import groups_of
from poise.store import Deed

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")
SHAPE = '[group.shop]\nkind = "application"\ntags = { app = "shop" }'


class Preview(msgspec.Struct, frozen=True):
    """What a group would hold."""

    group: Group
    before: int | None
    """Assets that it holds now; None for one that there is not yet."""
    assets: int
    possible: int
    """Assets that may be in it besides: something that decides was not read."""
    gap: str
    """Why more is not known; empty if all is."""
    first: tuple[AssetRow, ...]
    """The first of the assets, the riskiest first."""


def groups(workspace: Workspace) -> tuple[GroupRow, ...]:
    """Return every group that the viewer may see, with the number of its assets."""
    rows = workspace.store.groups.all()
    seen = groups_of(workspace.viewer)
    return rows if workspace.viewer is None else tuple(row for row in rows if row.group.name in seen)


def group_named(workspace: Workspace, name: str) -> GroupRow:
    """Return one group. Raises :class:`UsageError` if there is none."""
    for row in groups(workspace):
        if row.group.name == name:
            return row
    raise UsageError(f"There is no group {name!r}.", "`poise group list` shows those that there are.")


def put(workspace: Workspace, group: Group) -> GroupRow:
    """Add or change a group; its question is asked at once.

    Raises :class:`UsageError` for a name or a definition that cannot be and a question that takes too long, and
    :class:`BadInput` for one that cannot be understood. Nothing is changed then.
    """
    _require_valid(group)
    group = _posed(workspace, group)
    detail = msgspec.to_builtins(msgspec.structs.replace(group, changed_at=workspace.clock()))
    deed = Deed(group.changed_by, "group set", group.name, detail)
    workspace.store.groups.put(group, deed, _asked(workspace, group.wanted))
    return group_named(workspace, group.name)


def preview(workspace: Workspace, group: Group, most: int = 20) -> Preview:
    """Return what a group would hold. Nothing is changed. Raises as :func:`put` does."""
    _require_valid(group)
    group = _posed(workspace, group)
    before = next((row for row in groups(workspace) if row.group.name == group.name), None)
    found = workspace.store.groups.would_hold(group.wanted, _asked(workspace, group.wanted), most)
    return Preview(group, before.assets if before else None, *found)


def _posed(workspace: Workspace, group: Group) -> Group:
    """Return a group whose question is written out: that of a name may change later, and a group with it."""
    if not group.wanted.query:
        return group
    from poise.app.grouping import posed

    wanted = msgspec.structs.replace(group.wanted, query=posed(workspace, group.wanted.query.strip()))
    return msgspec.structs.replace(group, wanted=wanted)


def _asked(workspace: Workspace, wanted: Wanted) -> Asked | None:
    if not wanted.query:
        return None
    from poise.app.grouping import ask

    return ask(workspace, wanted.query)


def remove(workspace: Workspace, name: str, by: str) -> None:
    """Remove a group. Raises :class:`UsageError` if there is none."""
    if not workspace.store.groups.remove(name, Deed(by, "group removed", name)):
        raise UsageError(f"There is no group {name!r}.", "`poise group list` shows those that there are.")


def require(workspace: Workspace, names: frozenset[str]) -> None:
    """Raise :class:`UsageError` unless every group is there."""
    missing = names - {row.group.name for row in workspace.store.groups.all()} if names else frozenset()
    if missing:
        raise UsageError(
            f"There is no group {', '.join(map(repr, sorted(missing)))}.",
            "`poise group list` shows those that there are.",
        )


def sync(workspace: Workspace, path: Path, by: str) -> tuple[GroupRow, ...]:
    """Make the groups of a file be those that it holds; others are left alone. Raises :class:`BadInput`."""
    wanted = {group.name: group for group in read_file(path, by)}
    stored = {row.group.name: row.group for row in workspace.store.groups.all()}
    for group in wanted.values():
        put(workspace, group)
    for name, group in stored.items():
        if group.origin == str(path) and name not in wanted:
            remove(workspace, name, by)
    return tuple(row for row in workspace.store.groups.all() if row.group.name in wanted)


def read_file(path: Path, by: str) -> list[Group]:
    """Return the groups that a definition file holds. Raises :class:`UsageError` and :class:`BadInput`."""
    text = text_of(path)
    try:
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as problem:
        raise BadInput(f"{path} is not valid TOML: {problem}.") from problem
    named = table.get("group")
    if set(table) != {"group"} or not isinstance(named, dict):
        raise BadInput(f"{path} holds no table `group`, or something beside it.", f"Expected:\n{SHAPE}")
    found = [_group(path, name, definition, by) for name, definition in named.items()]
    for group in found:
        _require_readable(path, text, group)
    return found


def _require_readable(path: Path, text: str, group: Group) -> None:
    """Raise :class:`BadInput` with the line of the file for a question that cannot be understood."""
    from poise.app.grouping import NAME as READY
    from poise.app.grouping import BadQuestion, read

    try:
        if group.wanted.query and not READY.fullmatch(group.wanted.query):
            read(group.wanted.query)
    except BadQuestion as wrong:
        begins = text.find(group.wanted.query)
        line, column = wrong.line, wrong.column
        if begins >= 0:  # it stands there as it is read, without escapes
            column += begins - (text.rfind("\n", 0, begins) + 1) if line == 1 else 0
            line += text.count("\n", 0, begins)
            raise BadInput(f"{path}, line {line}, column {column}: {wrong.says}", wrong.do) from wrong
        raise BadInput(f"{path}: group.{group.name}: {wrong.what}", wrong.do) from wrong
    except BadInput as wrong:
        raise BadInput(f"{path}: group.{group.name}: {wrong.what}", wrong.do) from wrong


def _group(path: Path, name: str, definition: Any, by: str) -> Group:
    try:
        values = dict(definition)
        kind = values.pop("kind", "application")
        group = msgspec.convert(
            {"name": name, "kind": kind, "wanted": values, "origin": str(path), "changed_by": by}, Group
        )
    except (msgspec.ValidationError, TypeError, ValueError) as problem:
        raise BadInput(f"{path}: group.{name}: {problem}.", f"Expected:\n{SHAPE}") from problem
    _require_valid(group)
    return group


def _require_valid(group: Group) -> None:
    if not NAME.fullmatch(group.name):
        raise UsageError(f"{group.name!r} is no name of a group.", "Use letters, digits, `.`, `-` and `_`.")
    if group.wanted == Wanted():
        raise UsageError(
            f"The group {group.name!r} would hold every asset.", "Give a tag, scope, kind, region, text or question."
        )
