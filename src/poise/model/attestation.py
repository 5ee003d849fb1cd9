"""Attestations: what a person states about a control that no program can answer, with evidence and an end."""

from __future__ import annotations

from datetime import datetime

import msgspec

EVERYWHERE = "*"
"""The scope of an attestation that holds for all scopes."""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """What an auditor can look at: a link, or a file told by its digest. The file itself is not kept."""

    link: str = ""
    """Address, http or https."""
    file: str = ""
    """Name of the file."""
    sha256: str = ""
    """Digest of the file's bytes, as hexadecimal digits."""


class Attestation(msgspec.Struct, frozen=True, kw_only=True):
    """A statement that a control is met, or that it is not. Times are UTC."""

    standard: str
    """Id of the standard."""
    control: str
    """Number of the control."""
    scope: str = EVERYWHERE
    """Account, subscription or project; `*` for all."""
    is_met: bool = True
    statement: str
    evidence: tuple[Evidence, ...] = ()
    by: str
    """Address of who states it."""
    made_at: datetime
    until: datetime
    """When it ends by itself."""
