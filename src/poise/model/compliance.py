"""The state of standards, their controls and the checks in them, as lists and exports show it."""

from __future__ import annotations

import enum

import msgspec

from poise.model.attestation import Attestation


class Result(enum.StrEnum):
    """The state of an assessment, a control or a standard; worst first."""

    FAILED = "failed"
    UNKNOWN = "unknown"
    PASSED = "passed"
    SKIPPED = "skipped"
    UNSUPPORTED = "unsupported"


class Basis(enum.StrEnum):
    """What a control's state rests on, or why there is none."""

    CHECKS = "checks"
    ATTESTED = "attested"
    NO_DATA = "no_data"
    """Checks are there, but nothing that they judge."""
    MANUAL = "manual"
    """No program can answer it, and nobody has attested it."""
    NOT_AUTOMATED = "not_automated"
    """A program could answer it, and none does so far."""


class Assessment(msgspec.Struct, frozen=True):
    """One check inside a control, with its assets by what they count as."""

    check: str
    state: Result
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    unknown: int = 0


class ControlStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one control."""

    control: str
    title: str
    section: str
    state: Result
    basis: Basis
    manual: str
    """Why no program can answer it; empty if one can."""
    passed: int
    """Assessments that passed."""
    failed: int
    """Assessments that failed."""
    skipped: int
    """Assessments that were skipped."""
    unknown: int
    """Assessments that could not be made."""
    failed_assets: int
    """Unhealthy verdicts of its checks."""
    assessments: tuple[Assessment, ...]
    attestations: tuple[Attestation, ...] = ()
    """Those that hold now for scopes that are looked at."""


class Tally(msgspec.Struct, frozen=True, kw_only=True):
    """Controls by state; the last three say why the unsupported ones are."""

    passed: int
    failed: int
    skipped: int
    unknown: int
    unsupported: int
    manual: int
    not_automated: int
    no_data: int

    @property
    def supported(self) -> int:
        """Controls with any state but unsupported."""
        return self.passed + self.failed + self.skipped + self.unknown


class StandardStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one standard."""

    standard: str
    title: str
    version: str
    state: Result
    percentage: float | None
    """Passed / supported controls, 0 to 1 with 4 decimals; None if nothing is supported."""
    tally: Tally
    controls: tuple[ControlStatus, ...]
