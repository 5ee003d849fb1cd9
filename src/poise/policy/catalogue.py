"""Catalogues of escalations: ways in which permissions lead to more permissions, kept as data.

A row fires if **all** its permissions are allowed. A row that cannot be judged because an input was not read comes
out as `unknown`, so that a missing input never silences it.
"""

from __future__ import annotations

import enum
import tomllib
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import resources

import msgspec

from poise.model.errors import BadInput
from poise.policy.answer import Answer, Decision
from poise.policy.outcome import all_answers


class Result(enum.StrEnum):
    """What an escalation gives."""

    SELF = "self"
    """The principal widens itself."""
    IDENTITY = "identity"
    """It becomes another principal."""
    NEW_WORKLOAD = "new_workload"
    """It acts as an identity through a workload that it makes."""
    EXISTING_WORKLOAD = "existing_workload"
    """It acts as the identity of a workload that is there."""
    RESOURCE = "resource"
    """It rewrites who reaches an asset."""
    DATA = "data"
    """It reads what holds credentials."""
    ORGANIZATION = "organization"
    """It acts on everything in the organization."""
    HELPER = "helper"
    """It removes what stops another row."""


class Escalation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One row of a catalogue."""

    id: str
    title: str
    result: Result
    technique: str
    """ATT&CK technique."""
    permissions: tuple[str, ...]
    """All are needed, each in the form of its cloud."""
    positive: tuple[str, ...]
    """Example: permissions that make it fire."""
    negative: tuple[str, ...]
    """Example: permissions that do not."""
    needs: tuple[str, ...] = ()
    """What must be there besides, as a person reads it."""


class Found(msgspec.Struct, frozen=True):
    """A row that fires, or cannot be ruled out."""

    escalation: Escalation
    answer: Answer


@cache
def read_catalogue(package: str) -> tuple[Escalation, ...]:
    """Return the rows in the folder of a package, by id. Raises BadInput naming the file of a malformed row."""
    rows: list[Escalation] = []
    for file in resources.files(package).iterdir():
        if file.name.endswith(".toml"):
            try:
                content = tomllib.loads(file.read_text(encoding="utf-8"))
                rows += msgspec.convert(content["escalation"], list[Escalation])
            except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError) as problem:
                raise BadInput(f"{file.name} of the escalation catalogue: {problem}") from problem
    return tuple(sorted(rows, key=lambda row: row.id))


def escalations(may: Callable[[str], Answer], rows: Iterable[Escalation]) -> Iterator[Found]:
    """Yield the rows that fire for a principal whose permissions ``may`` answers. Each question is asked once."""
    known: dict[str, Answer] = {}
    for row in rows:
        answers: list[Answer] = []
        for permission in row.permissions:
            if permission not in known:
                known[permission] = may(permission)
            answers.append(known[permission])
            if answers[-1].decision is Decision.DENY:
                break
        found = all_answers(answers)
        if found.decision is not Decision.DENY:
            yield Found(row, found)
