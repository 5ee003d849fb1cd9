"""Use cases about groups of assets: set them by hand or from a file, remove them, list them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from poise.app.workspace import Workspace
from poise.model.errors import BadInput, UsageError
from poise.model.group import Group, GroupRow, Wanted
from poise.store import Deed

NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,99}")
SHAPE = '[group.shop]\nkind = "application"\ntags = { app = "shop" }'


def groups(workspace: Workspace) -> tuple[GroupRow, ...]:
    """Return every group with the number of its assets."""
    return workspace.store.groups.all()


def put(workspace: Workspace, group: Group) -> GroupRow:
    """Add or change a group. Raises :class:`UsageError` for a name or a definition that cannot be."""
    _require_valid(group)
    detail = msgspec.to_builtins(msgspec.structs.replace(group, changed_at=workspace.clock()))
    workspace.store.groups.put(group, Deed(group.changed_by, "group set", group.name, detail))
    return next(row for row in workspace.store.groups.all() if row.group.name == group.name)


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
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise UsageError(f"{path} cannot be read: {problem.strerror}.") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise BadInput(f"{path} is not valid TOML: {problem}.") from problem
    named = table.get("group")
    if set(table) != {"group"} or not isinstance(named, dict):
        raise BadInput(f"{path} holds no table `group`, or something beside it.", f"Expected:\n{SHAPE}")
    return [_group(path, name, definition, by) for name, definition in named.items()]


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
            f"The group {group.name!r} would hold every asset.", "Give a tag, scope, kind, region or text."
        )
