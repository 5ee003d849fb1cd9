"""Sensitive data that a discovery service found, as marks of the assets that hold it.

Read are the answers of Amazon Macie's GetFindings. Personal and financial information and credentials are sensitive to
the highest degree, as the categories that Defender for Cloud takes as sensitive if nothing else is set; what a custom
identifier found is medium. Samples and archived findings tell of nothing. No value that was found is kept.
Source: https://docs.aws.amazon.com/macie/latest/APIReference/findings-describe.html
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from poise.app import marking
from poise.app.workspace import Workspace
from poise.collect.files import content_of
from poise.model.errors import BadInput
from poise.model.mark import Mark, Topic
from poise.score.risk import ORDER
from poise.score.risk_rules import Degree

DEGREES = {
    "PERSONAL_INFORMATION": Degree.HIGH,
    "FINANCIAL_INFORMATION": Degree.HIGH,
    "CREDENTIALS": Degree.HIGH,
    "CUSTOM_IDENTIFIER": Degree.MEDIUM,
}
"""Category of sensitive data -> degree; one that is not known is taken as high."""
MOST_BYTES = 512_000_000
"""An answer holds every finding of an account, several KB each."""


class _Kind(msgspec.Struct, frozen=True):
    category: str
    totalCount: int = 0  # noqa: N815 - the name in the answer


class _Customs(msgspec.Struct, frozen=True):
    totalCount: int = 0  # noqa: N815


class _Result(msgspec.Struct, frozen=True):
    sensitiveData: tuple[_Kind, ...] = ()  # noqa: N815
    customDataIdentifiers: _Customs | None = None  # noqa: N815


class _Classified(msgspec.Struct, frozen=True):
    result: _Result


class _Bucket(msgspec.Struct, frozen=True):
    arn: str


class _Affected(msgspec.Struct, frozen=True):
    s3Bucket: _Bucket  # noqa: N815


class _Finding(msgspec.Struct, frozen=True):
    category: str
    resourcesAffected: _Affected  # noqa: N815
    classificationDetails: _Classified | None = None  # noqa: N815
    sample: bool = False
    archived: bool = False


class _Answer(msgspec.Struct, frozen=True):
    findings: tuple[_Finding, ...]


class Discovered(msgspec.Struct, frozen=True):
    """What a file of discoveries changed."""

    marked: tuple[Mark, ...]
    stronger: tuple[str, ...]
    """Ids of assets that have a mark at least as high: it stays."""
    absent: tuple[str, ...]
    """Ids of assets that are not in the store."""


_decoder = msgspec.json.Decoder(_Answer)


def discovered(workspace: Workspace, path: Path, by: str, *, dry_run: bool = False) -> Discovered:
    """Mark the assets in which sensitive data was found. Raises :class:`BadInput` for a file of another form.

    A mark that is as high or higher stays, so that a person's word is never lowered.
    """
    there = workspace.store.marks.all()
    marked, stronger, absent = [], [], []
    for asset_id, wanted in _marks(_read(path), path, by).items():
        present = there.get((asset_id, Topic.SENSITIVITY))
        if not marking.is_seen(workspace, asset_id):
            absent.append(asset_id)
        elif present is not None and _rank(present.degree) >= _rank(wanted.degree):
            stronger.append(asset_id)
        else:
            marked.append(wanted)
    if not dry_run:
        marking.mark_all(workspace, marked)
    return Discovered(tuple(marked), tuple(stronger), tuple(absent))


def _marks(findings: Iterable[_Finding], path: Path, by: str) -> dict[str, Mark]:
    found: dict[str, set[str]] = {}
    for one in findings:
        kinds = _kinds(one)
        if kinds and not one.sample and not one.archived:
            found.setdefault(one.resourcesAffected.s3Bucket.arn, set()).update(kinds)
    return {
        asset_id: Mark(
            asset_id=asset_id,
            topic=Topic.SENSITIVITY,
            degree=max((_degree(kind) for kind in kinds), key=_rank),
            reason=f"Macie found {', '.join(sorted(kinds)).lower().replace('_', ' ')} ({path.name})",
            by=by,
        )
        for asset_id, kinds in found.items()
    }


def _kinds(one: _Finding) -> set[str]:
    if one.classificationDetails is None:
        return set()
    result = one.classificationDetails.result
    custom = result.customDataIdentifiers is not None and result.customDataIdentifiers.totalCount > 0
    return {kind.category for kind in result.sensitiveData} | ({"CUSTOM_IDENTIFIER"} if custom else set())


def _degree(kind: str) -> str:
    return DEGREES.get(kind, Degree.HIGH).value


def _rank(degree: str) -> int:
    return ORDER.index(Degree(degree))


def _read(path: Path) -> tuple[_Finding, ...]:
    try:
        return _decoder.decode(content_of(path, MOST_BYTES)).findings
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as problem:
        raise BadInput(f"{path}: {problem}.", "Expected the answer of `aws macie2 get-findings`.") from problem
