"""Who is in which group, through groups in groups.

Memberships point from a member to the groups it is a direct member of. Cycles end where they began: each group
is visited once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from poise.policy.answer import Unread
from poise.policy.residual import Form, Residual, Truth, all_of, any_of, condition

Groups = Iterable[str] | Unread
"""The direct groups of one member, or why they were not read."""
Memberships = Mapping[str, Groups] | Unread
"""Member -> its direct groups; a member that is not named is in none."""


class Circle:
    """Everybody that a principal stands for: itself, its groups, and groups that it may activate."""

    def __init__(self, who: str, direct: Memberships, eligible: Memberships | None = None) -> None:
        self.gaps: list[Unread] = []
        self._direct = direct
        self._truths: dict[str, Truth] = {}
        self._follow({who: True})
        if eligible is not None:
            self._activate(eligible)

    def holds(self, group: str) -> Truth:
        """Return whether the principal is in the group, or is it."""
        found = self._truths.get(group, False)
        if found is True or not self.gaps:
            return found
        gap = self.gaps[0]
        missing = Residual(Form.UNREAD, f"{gap.input} ({group})", gap.reason, ("member", group))
        return any_of((found, missing))

    @property
    def known(self) -> tuple[str, ...]:
        """The principal and every group that it is or may be in."""
        return tuple(self._truths)

    def _follow(self, start: Mapping[str, Truth]) -> None:
        todo = deque(start.items())
        while todo:
            one, truth = todo.popleft()
            if one in self._truths:
                continue
            self._truths[one] = truth
            todo.extend((group, truth) for group in self._of(one, self._direct))

    def _activate(self, eligible: Memberships) -> None:
        todo = deque(self._truths)
        while todo:
            one = todo.popleft()
            for group in self._of(one, eligible):
                if group in self._truths:
                    continue
                before = set(self._truths)
                needed = condition(f"membership in group {group} is activated", ("activation", group))
                self._follow({group: all_of((self._truths[one], needed))})
                todo.extend(name for name in self._truths if name not in before)

    def _of(self, one: str, memberships: Memberships) -> Iterable[str]:
        found = memberships if isinstance(memberships, Unread) else memberships.get(one, ())
        if not isinstance(found, Unread):
            return found
        if found not in self.gaps:
            self.gaps.append(found)
        return ()


def by_member(members: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    """Turn group -> members, as directories list them, into member -> groups."""
    found: dict[str, list[str]] = {}
    for group, names in members.items():
        for name in names:
            found.setdefault(name, []).append(group)
    return {name: tuple(groups) for name, groups in found.items()}
