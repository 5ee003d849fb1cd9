"""Attests controls: what a person states about a control, with evidence, until a day."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from poise.app.workspace import Workspace
from poise.model.attestation import EVERYWHERE, Attestation, Evidence
from poise.model.errors import UsageError
from poise.model.moment import end_of

ADDRESS = re.compile(r"[^@\s<>,;\"]+@[^@\s<>,;\".]+(\.[^@\s<>,;\".]+)+")
DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_CHARACTERS = 10_000
"""Length of a statement."""
MOST_EVIDENCE = 50
"""Links and files of one attestation."""


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """What a person wants to attest, as it was typed."""

    standard: str
    control: str
    scope: str = EVERYWHERE
    is_met: bool = True
    text: str
    evidence: tuple[Evidence, ...] = ()
    """Links and digests; :func:`evidence` and :func:`uploaded` make them."""
    by: str
    until: str
    """A day, which is the last one, or a moment; ISO 8601."""


def attest(workspace: Workspace, statement: Statement) -> Attestation:
    """Keep an attestation, with a row in the audit log. It takes the place of the one for the same control and scope.

    Raises :class:`UsageError` for a standard, control or scope that there is not, a statement without words, an owner
    that is no address, an end that is past, evidence that is neither a link nor a file.
    """
    now = workspace.clock()
    made = Attestation(
        standard=statement.standard,
        control=_control(workspace, statement.standard, statement.control),
        scope=_scope(workspace, statement.scope),
        is_met=statement.is_met,
        statement=_words(statement.text),
        evidence=_proofs(statement.evidence),
        by=address(statement.by),
        made_at=now,
        until=_end(statement.until, now),
    )
    workspace.store.attestations.add(made)
    return made


def withdraw(workspace: Workspace, standard: str, control: str, by: str, scope: str = EVERYWHERE) -> None:
    """End an attestation now. Raises :class:`UsageError` if none holds."""
    if not workspace.store.attestations.withdraw(standard, control, _scope(workspace, scope), address(by)):
        raise UsageError(
            f"Nobody has attested {control} of {standard} for {scope}.", f"`poise compliance {standard}` shows who did."
        )


def address(text: str) -> str:
    """Return the mail address of a person. Raises :class:`UsageError` for any other text."""
    if len(text) > 254 or not ADDRESS.fullmatch(text.strip()):
        raise UsageError(f"{text!r} is no mail address.", "Say who states it: --by name@example.org")
    return text.strip()


def _control(workspace: Workspace, standard: str, number: str) -> str:
    controls = {control.number.casefold(): control.number for control in workspace.standards.get(standard).controls}
    if number.casefold() not in controls:
        raise UsageError(
            f"{standard} has no control {number!r}.", f"`poise compliance {standard}` shows those that there are."
        )
    return controls[number.casefold()]


def _scope(workspace: Workspace, wanted: str) -> str:
    """Return a scope that the viewer may see. All scopes may be attested only by a viewer who sees all."""
    if wanted == EVERYWHERE:
        if workspace.viewer is not None:
            raise UsageError("An attestation for all scopes needs sight of all of them.", "Name one with --scope.")
        return wanted
    known = {scope.id for _, scope in workspace.store.scans.scopes(workspace.viewer)}
    if wanted not in known:
        shown = ", ".join(sorted(known)[:5]) or "none so far"
        raise UsageError(f"There is no scope {wanted!r}.", f"There are: {shown}.")
    return wanted


def _words(text: str) -> str:
    words = text.strip()
    if not words:
        raise UsageError("The statement is empty.", "Say what is done: --statement '...'")
    if len(words) > MOST_CHARACTERS:
        raise UsageError(f"The statement has {len(words):,} characters; {MOST_CHARACTERS:,} are allowed.")
    return words


def _end(text: str, now: datetime) -> datetime:
    try:
        end = end_of(text)
    except ValueError as problem:
        raise UsageError(f"{text!r} is no date.", "Give a day such as 2027-06-30.") from problem
    if end <= now:
        raise UsageError(f"{text} is past: now it is {now:%Y-%m-%d %H:%M} UTC.", "Give a later day.")
    return end


def evidence(text: str) -> Evidence:
    """Return a link, or the digest of a file of this machine: for the command line, never for what comes from afar.

    Raises :class:`UsageError` for what is neither.
    """
    if "://" in text:
        return Evidence(link=_link(text))
    path = Path(text)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        advice = "Give a file, or a link that begins with https://."
        raise UsageError(f"The evidence {text!r} cannot be read: {problem.strerror}.", advice) from problem
    return Evidence(file=path.name, sha256=digest)


def uploaded(name: str, content: bytes) -> Evidence:
    """Return the digest of a file that was sent; its content is not kept."""
    return Evidence(file=name, sha256=hashlib.sha256(content).hexdigest())


def _proofs(given: Sequence[Evidence]) -> tuple[Evidence, ...]:
    if len(given) > MOST_EVIDENCE:
        raise UsageError(f"{len(given)} pieces of evidence were given; {MOST_EVIDENCE} are allowed.")
    return tuple(_proof(each) for each in given)


def _proof(given: Evidence) -> Evidence:
    if given.link:
        return Evidence(link=_link(given.link))
    if not given.file.strip() or not DIGEST.fullmatch(given.sha256):
        raise UsageError("A piece of evidence is neither a link nor a file with its SHA-256.")
    return given


def _link(text: str) -> str:
    try:
        parts = urlsplit(text)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and text.isprintable() and " " not in text
    except ValueError:
        is_good = False
    if not is_good:
        raise UsageError(f"{text!r} is no link.", "Give one that begins with https:// or http://.")
    return text
