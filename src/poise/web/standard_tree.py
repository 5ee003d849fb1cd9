"""A standard as rows of a tree: sections, in them controls, under each its checks. What is closed is not listed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from poise.export.compliance.material import BASIS_WORDS, STATE_WORDS
from poise.model.compliance import Assessment, Basis, ControlStatus, Result, StandardStatus
from poise.model.standard import Standard

FEW = 200
"""Controls up to which sections are open from the start."""
MARKS = {
    Result.PASSED: "healthy",
    Result.FAILED: "unhealthy",
    Result.UNKNOWN: "unknown",
    Result.SKIPPED: "not_applicable",
    Result.UNSUPPORTED: "unsupported",
}
WHY = {
    Basis.NO_DATA: "Checks are there, and nothing that they judge was read in these scopes.",
    Basis.NOT_AUTOMATED: "A program could answer it, and no check does so far.",
}


@dataclass(frozen=True)
class Row:
    """One row of the tree."""

    level: int
    id: str
    """Number of the section or control, or id of the check."""
    title: str
    is_open: bool | None
    """None where nothing is inside."""
    place: int
    """Its number among its siblings, from 1."""
    siblings: int
    section: Sequence[ControlStatus] | None = None
    """For a section: the controls in it, at any depth."""
    control: ControlStatus | None = None
    check: Assessment | None = None


@dataclass(frozen=True)
class Wanted:
    """Which controls are shown, and which rows are open."""

    states: frozenset[str] = frozenset()
    section: str = ""
    text: str = ""
    opened: frozenset[str] | None = None
    """Numbers of sections and controls; None for what is open from the start."""

    @property
    def is_narrow(self) -> bool:
        """Whether any filter is in force."""
        return bool(self.states or self.section or self.text)


def state_words(control: ControlStatus) -> str:
    """Return the state of a control; one that nothing answers says why."""
    is_bare = control.state is Result.UNSUPPORTED
    return (BASIS_WORDS[control.basis] if is_bare else STATE_WORDS[control.state]).capitalize()


def why_grey(control: ControlStatus) -> str:
    """Return why a control is not assessed by Poise; empty if it is."""
    if control.basis is Basis.MANUAL:
        return control.manual
    return WHY.get(control.basis, "")


def rows_of(standard: Standard, status: StandardStatus, titles: Mapping[str, str], wanted: Wanted) -> list[Row]:
    """Return the rows of a standard that are wanted and not closed."""
    return list(_Tree(standard, status, titles, wanted).rows())


class _Tree:
    def __init__(self, standard: Standard, status: StandardStatus, titles: Mapping[str, str], wanted: Wanted) -> None:
        self._standard, self._titles, self._wanted = standard, titles, wanted
        self._around = {section.number: section.within for section in standard.sections}
        self._shown = [control for control in status.controls if self._is_wanted(control)]
        self._is_few = len(self._shown) <= FEW

    def rows(self) -> Iterator[Row]:
        yield from self._inside("", 1)

    def _inside(self, number: str, level: int) -> Iterator[Row]:
        sections = [
            (s, found) for s in self._standard.sections if s.within == number if (found := self._below(s.number))
        ]
        controls = [control for control in self._shown if control.section == number]
        count = len(sections) + len(controls)
        for place, (section, found) in enumerate(sections, start=1):
            is_open = self._is_open(section.number, usual=self._is_few)
            yield Row(level, section.number, section.title, is_open, place, count, section=found)
            if is_open:
                yield from self._inside(section.number, level + 1)
        for place, control in enumerate(controls, start=len(sections) + 1):
            yield from self._control(control, (level, place, count))

    def _control(self, control: ControlStatus, where: tuple[int, int, int]) -> Iterator[Row]:
        level, place, count = where
        made = [each for each in control.assessments if each.state is not Result.UNSUPPORTED]
        is_open = self._is_open(control.control, usual=False) if made else None
        yield Row(level, control.control, control.title, is_open, place, count, control=control)
        for number, each in enumerate(made if is_open else (), start=1):
            yield Row(
                level + 1, each.check, self._titles.get(each.check, each.check), None, number, len(made), check=each
            )

    def _is_open(self, number: str, *, usual: bool) -> bool:
        opened = self._wanted.opened
        return usual if opened is None else number in opened

    def _below(self, number: str) -> list[ControlStatus]:
        return [control for control in self._shown if number in self._path(control.section)]

    def _path(self, section: str) -> Iterable[str]:
        while section:
            yield section
            section = self._around.get(section, "")

    def _is_wanted(self, control: ControlStatus) -> bool:
        wanted = self._wanted
        if wanted.section and wanted.section not in self._path(control.section):
            return False
        if wanted.states and not {control.state.value, control.basis.value} & wanted.states:
            return False
        text = f"{control.control} {control.title} {' '.join(a.check for a in control.assessments)}".casefold()
        return all(word in text for word in wanted.text.casefold().split())
