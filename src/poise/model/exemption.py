"""Exemptions: decisions not to act on findings, with a reason, who approved it, and an end."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from datetime import datetime, timedelta

import msgspec

from poise.model.check import Category
from poise.model.finding import Effect
from poise.model.verdict import Severity

FOR_GOOD = timedelta(days=366)
"""An exemption that lasts longer is asked about: nobody looks at it again for more than a year."""


class Kind(enum.StrEnum):
    """Why a finding is not acted on."""

    WAIVER = "waiver"
    """The risk is accepted."""
    MITIGATED = "mitigated"
    """It is solved in another way."""

    @property
    def effect(self) -> Effect:
        """How its findings act on the score."""
        return Effect.WAIVED if self is Kind.WAIVER else Effect.MITIGATED


class Covers(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which findings are meant. What is empty does not narrow; of one field any may hold, all fields must."""

    checks: tuple[str, ...] = ()
    """Check ids, or beginnings of them: ``aws.s3``."""
    standards: tuple[str, ...] = ()
    """Standards, or controls of them as ``pci_dss_4.0.1:2.2.1``: the checks that answer them at present."""
    categories: tuple[Category, ...] = ()
    """What the recommendation is about."""
    severities: tuple[Severity, ...] = ()
    """Severity of the check."""
    nodes: tuple[str, ...] = ()
    """Ids of organization nodes: everything in the scopes below."""
    scopes: tuple[str, ...] = ()
    """Accounts, subscriptions or projects."""
    tags: Mapping[str, str] = {}
    """Tags that the asset bears, all of them, key and value exactly."""
    groups: tuple[str, ...] = ()
    """Groups of assets, as they are at present."""
    assets: tuple[str, ...] = ()
    """Asset ids."""
    cves: tuple[str, ...] = ()
    """Ids of vulnerabilities or advisories, in any case: those leave the findings about vulnerabilities."""
    cvss_at_least: float | None = None
    """So do vulnerabilities with this score or a higher one. One without a score is never meant."""
    cvss_at_most: float | None = None
    """So do vulnerabilities with this score or a lower one."""

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return not self.is_about_vulnerabilities and not any(msgspec.structs.astuple(self))

    @property
    def is_about_vulnerabilities(self) -> bool:
        """Whether it means single vulnerabilities, and findings only if all of theirs are meant."""
        return bool(self.cves) or self.cvss_at_least is not None or self.cvss_at_most is not None

    @property
    def names_checks(self) -> bool:
        """Whether it says by name what is not acted on."""
        return bool(self.checks or self.standards or self.cves)

    @property
    def narrowness(self) -> int:
        """How narrow the place is: 5 for named assets, then tags, groups, scopes, organization nodes, 0 for all."""
        places = (self.assets, self.tags, self.groups, self.scopes, self.nodes)
        return next((5 - n for n, place in enumerate(places) if place), 0)


class Exemption(msgspec.Struct, frozen=True, kw_only=True):
    """One decision not to act."""

    name: str
    """What people call it; unique among those that are there."""
    kind: Kind
    covers: Covers
    reason: str
    """Why, for whoever reads it in a year."""
    approver: str
    """Who answers for it."""
    until: datetime
    """When it ends, UTC: its findings count again."""
    origin: str = ""
    """The file that it comes from; empty for one that was added by hand."""
    added_at: datetime | None = None
    added_by: str = ""

    @property
    def precedence(self) -> tuple[int, bool, bool, datetime, str]:
        """Order among exemptions that cover the same finding: the greatest holds.

        The narrower place wins, then the one that names checks, then the waiver, then the later end, then the name.
        """
        covers = self.covers
        return covers.narrowness, covers.names_checks, self.kind is Kind.WAIVER, self.until, self.name


def bare(exemption: Exemption) -> Exemption:
    """Return an exemption without when and by whom it was added."""
    return msgspec.structs.replace(exemption, added_at=None, added_by="")


class ExemptionRow(msgspec.Struct, frozen=True):
    """An exemption with what it covers at present."""

    exemption: Exemption
    covered: int
    """Open findings that it exempts."""


class SwitchRow(msgspec.Struct, frozen=True):
    """A check that is switched off."""

    check: str
    scope: str | None
    """None for everywhere."""
    until: datetime | None
    """When it is switched on again by itself; None for never."""
    reason: str = ""
    by: str = ""
    """Who switched it off; empty, like the reason, if only the audit log knows."""
