"""One change of a plan, as `terraform show -json` writes it (JSON output format, "Change representation")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

Json = Mapping[str, Any]
LATER = "known after apply"
OWN_NAMES = frozenset({"id", "arn", "security_group_rule_id", "tags_all", "unique_id"})


class NotSimulated(ValueError):
    """A change of a plan cannot be told from the plan alone."""


class Resource(msgspec.Struct, frozen=True, kw_only=True):
    """A resource with what it is and what it would be."""

    address: str
    """Its place in the configuration, such as `module.net.aws_security_group.web`."""
    type: str
    """Kind of resource, such as `aws_security_group`."""
    actions: tuple[str, ...]
    """`no-op`, `read`, `create`, `update`, `delete`, or two of them for a replacement."""
    before: Mapping[str, Any]
    """What the state holds; empty for a new one."""
    after: Mapping[str, Any]
    """What is planned; empty for one that goes."""
    unknown: Mapping[str, Any]
    """Which planned values are known after apply: true at their places."""

    @property
    def goes(self) -> bool:
        """Whether what there was is deleted, for good or to be made again."""
        return "delete" in self.actions

    @property
    def comes(self) -> bool:
        """Whether something new is made."""
        return "create" in self.actions

    @property
    def changes(self) -> bool:
        """Whether the plan does anything with it."""
        return bool({"create", "update", "delete"} & set(self.actions))

    def planned(self, name: str) -> Any:
        """Return a planned value. Raises :class:`NotSimulated` for one that is known after apply."""
        if is_later(self.unknown.get(name)):
            raise NotSimulated(f"{name} is {LATER}")
        return self.after.get(name)

    def require_known(self) -> None:
        """Raise :class:`NotSimulated` if any value but its own names is known after apply."""
        for name in self.unknown:
            if name not in OWN_NAMES:
                self.planned(name)

    def is_other(self, name: str) -> bool:
        """Say whether a value is planned to be another one, or known later."""
        return is_later(self.unknown.get(name)) or self.before.get(name) != self.after.get(name)


def is_later(mark: Any) -> bool:
    """Say whether anything below a mark is known after apply."""
    if isinstance(mark, Mapping):
        return any(map(is_later, mark.values()))
    if isinstance(mark, list):
        return any(map(is_later, mark))
    return mark is True
