"""The generated pages of standards: what of each is answered, and by which checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from poise.model.standard import Control, Section, Standard
from poise.standards.library import standards

Page = tuple[str, str]


def pages() -> Iterator[Page]:
    """Yield the table of all standards, and a page for each."""
    every = standards()
    yield "reference/standards/index.md", _index(every)
    for standard in every:
        yield f"reference/standards/{standard.id}.md", _standard(standard)


def counts(standard: Standard) -> tuple[int, int, int, int]:
    """Return the number of controls: all, answered by checks, manual, not yet automated."""
    answered = sum(bool(control.checks) for control in standard.controls)
    manual = sum(bool(control.manual) for control in standard.controls)
    return len(standard.controls), answered, manual, len(standard.controls) - answered - manual


def _index(every: Sequence[Standard]) -> str:
    rows = [
        f"| [{standard.name}]({standard.id}.md) | `{standard.id}` | {' | '.join(str(n) for n in counts(standard))} |"
        for standard in every
    ]
    head = "| Standard | Id | Controls | Answered | Manual | Not yet automated |\n|---|---|---|---|---|---|\n"
    return (
        "# Standards\n\nWhat of each standard checks answer. *Manual* controls no program can answer, each with the "
        "reason; they take attestations. *Not yet automated* ones a program could answer, and none does so far. "
        f"[Compliance](../../concepts/compliance.md) says how states come about.\n\n{head}" + "\n".join(rows) + "\n"
    )


def _standard(standard: Standard) -> str:
    every, answered, manual, rest = counts(standard)
    parts = [
        f"# {standard.name}",
        f"Id `{standard.id}`: {every} controls, {answered} answered, {manual} manual, {rest} not yet automated.",
        standard.notes,
        f"Source: `{standard.source}`",
        _table([control for control in standard.controls if not control.section]),
        *_sections(standard, "", 2),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _sections(standard: Standard, within: str, depth: int) -> Iterator[str]:
    for section in standard.sections:
        if section.within == within:
            yield f"{'#' * min(depth, 6)} {section.number} {section.title}"
            controls = [control for control in standard.controls if control.section == section.number]
            yield _table(controls) or _lies_in(standard, section)
            yield from _sections(standard, section.number, depth + 1)


def _lies_in(standard: Standard, section: Section) -> str:
    inside = [inner.number for inner in standard.sections if inner.within == section.number]
    return f"Holds {', '.join(inside)}."


def _table(controls: Sequence[Control]) -> str:
    if not controls:
        return ""
    rows = [f"| {control.number} | {control.title} | {_answer(control)} |" for control in controls]
    return "\n".join(["| Control | Title | Answered by |", "|---|---|---|", *rows])


def _answer(control: Control) -> str:
    if control.checks:
        return ", ".join(f"[`{check}`](../checks/{check}.md)" for check in control.checks)
    return f"Manual. {control.manual}" if control.manual else "Not yet automated."
