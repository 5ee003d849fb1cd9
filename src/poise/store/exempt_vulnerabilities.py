"""Exemptions of single vulnerabilities: which findings have no other ones left, by one or by several together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Row

from poise.model.exemption import Exemption, Kind
from poise.model.judged import EffectSpan
from poise.policy.exempted_vulnerabilities import is_whole, left_out, names_of
from poise.store.exceptions import read_detail

Key = tuple[int, int]


class Share(NamedTuple):
    """What the exemptions so far mean of one finding."""

    places: frozenset[int]
    """Places of vulnerabilities in its evidence."""
    until: datetime
    """When the first of them ends."""
    is_mitigated: bool
    """Whether all of them say that it is solved in another way."""


class Shares:
    """What exemptions mean of each finding, gathered one exemption after the other."""

    def __init__(self) -> None:
        self._shares: dict[Key, Share] = {}

    def add(self, row: Row[Any], exemption: Exemption) -> EffectSpan | None:
        """Add the vulnerabilities that an exemption means; return the effect once nothing else is left, else None."""
        evidence, _ = read_detail(row.detail)
        meant = left_out(exemption.covers, evidence)
        if not meant:
            return None
        key, is_mitigated = (row.asset_pk, row.check_pk), exemption.kind is Kind.MITIGATED
        old = self._shares.get(key, Share(frozenset(), exemption.until, True))
        share = Share(old.places | meant, min(old.until, exemption.until), old.is_mitigated and is_mitigated)
        self._shares[key] = share
        if not is_whole(share.places, evidence):
            return None
        kind = Kind.MITIGATED if share.is_mitigated else Kind.WAIVER
        return EffectSpan(kind.effect, share.until)


def named(row: Row[Any], exemption: Exemption) -> Sequence[str]:
    """Return the ids of the vulnerabilities that an exemption takes from a finding."""
    evidence, _ = read_detail(row.detail)
    return names_of(left_out(exemption.covers, evidence), evidence)


def split(rows: Sequence[Row[Any]], exemption: Exemption) -> tuple[list[Key], int]:
    """Return the findings that an exemption alone leaves nothing of, and how many it takes only a part of."""
    whole, partly = [], 0
    for row in rows:
        evidence, _ = read_detail(row.detail)
        meant = left_out(exemption.covers, evidence)
        if is_whole(meant, evidence):
            whole.append((row.asset_pk, row.check_pk))
        elif meant:
            partly += 1
    return whole, partly
