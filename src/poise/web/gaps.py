"""What could not be read, in the order of what a person would do about it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from poise.model.listings import Coverage, GapRow


@dataclass(frozen=True)
class Grant:
    """Gaps that one permission would close; or, where none would, those of one call."""

    permission: str
    """What to grant; empty where no permission would help."""
    calls: tuple[str, ...]
    scopes: tuple[str, ...]
    regions: tuple[str, ...]
    reasons: tuple[str, ...]
    count: int
    """How many readings it touches."""


def grants(coverage: Coverage, scopes: Iterable[str] = ()) -> list[Grant]:
    """Group the gaps that are not expected by the permission to grant, the widest first."""
    chosen = set(scopes)
    groups: dict[tuple[str, str], list[GapRow]] = defaultdict(list)
    for row in coverage.gaps:
        if not row.gap.expected and (not chosen or row.scope in chosen):
            groups[row.gap.permission, row.gap.permission or row.gap.call].append(row)
    made = [_grant(permission, rows) for (permission, _), rows in groups.items()]
    return sorted(made, key=lambda grant: (not grant.permission, -grant.count, grant.permission))


def expected(coverage: Coverage, scopes: Iterable[str] = ()) -> list[GapRow]:
    """List the gaps that are in the nature of the source: not offered there, not in the export."""
    chosen = set(scopes)
    return [row for row in coverage.gaps if row.gap.expected and (not chosen or row.scope in chosen)]


def behind(coverage: Coverage, scope: str, reason: str) -> list[Grant]:
    """List the gaps of a scope that a reason speaks of, by call or permission."""
    rows = [row for row in coverage.gaps if row.scope == scope and _is_meant(row, reason)]
    return grants(Coverage((), tuple(rows)))


def _is_meant(row: GapRow, reason: str) -> bool:
    return any(name and name in reason for name in (row.gap.call, row.gap.permission))


def _grant(permission: str, rows: list[GapRow]) -> Grant:
    return Grant(
        permission,
        tuple(sorted({row.gap.call for row in rows})),
        tuple(sorted({row.scope for row in rows})),
        tuple(sorted({row.region for row in rows})),
        tuple(sorted({row.gap.reason.removeprefix(f"{row.gap.call}: ") for row in rows})),
        sum(row.gap.count for row in rows),
    )
