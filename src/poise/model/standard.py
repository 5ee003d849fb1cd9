"""Standards: published lists of numbered controls, mapped to checks."""

from __future__ import annotations

import enum

import msgspec


class ManualClass(enum.StrEnum):
    """Why no program can tell whether a control is met. Each comes with a sentence, :attr:`meaning`."""

    PROCESS = "process"
    PEOPLE = "people"
    PREMISES = "premises"
    SUPPLIER = "supplier"
    JUDGEMENT = "judgement"
    DEVELOPMENT = "development"
    CONSOLE = "console"

    @property
    def meaning(self) -> str:
        """The reason as a person reads it."""
        return _MEANINGS[self]


_MEANINGS = {
    ManualClass.PROCESS: "A policy, plan or record of the organization: no program sees whether people live by it.",
    ManualClass.PEOPLE: "About people: who they are, what they learn and what they sign.",
    ManualClass.PREMISES: "About buildings, devices and media, which no cloud API describes.",
    ManualClass.SUPPLIER: "A duty of, or an agreement with, a supplier.",
    ManualClass.JUDGEMENT: "A person has to judge purpose or need; the facts alone do not say.",
    ManualClass.DEVELOPMENT: "About how software is designed, made and tested.",
    ManualClass.CONSOLE: "The provider shows it in its console only; no API answers it.",
}


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading of a standard. Sections may lie in one another."""

    number: str
    title: str
    within: str = ""
    """Number of the section around it; empty at the top."""


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One numbered requirement. Its title is our own short wording.

    With neither checks nor a reason it is not yet automated: a program could answer it, and none does so far.
    """

    number: str
    title: str
    section: str = ""
    """Number of its section; empty if it is in none."""
    checks: tuple[str, ...] = ()
    manual: str = ""
    """Why no check can answer it; empty if checks can."""


class Standard(msgspec.Struct, frozen=True, kw_only=True):
    """One version of one published list."""

    id: str
    title: str
    version: str
    source: str
    controls: tuple[Control, ...]
    sections: tuple[Section, ...] = ()
    providers: tuple[str, ...] = ()
    """Providers that it is about; empty for all."""
    notes: str = ""
    """What a reader must know of our list: attribution, what was left out."""
    is_custom: bool = False
    """Whether a tenant wrote it."""

    @property
    def name(self) -> str:
        """Title and version, as people call it."""
        return f"{self.title} {self.version}".strip()


class ScoreControl(msgspec.Struct, frozen=True, kw_only=True):
    """A group of checks of the secure score with its fixed maximum of points."""

    name: str
    max: int
    checks: tuple[str, ...] = ()
    """A check is in at most one score control."""
