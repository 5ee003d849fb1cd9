"""Standards over a store: what is counted, where a standard holds, and what a person attests."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from poise.app import attesting, compliance, queries
from poise.app import compliance_reports as reports
from poise.app.scan import ScanOptions, scan
from poise.app.standards import Standards, read_files, read_text
from poise.app.workspace import Workspace
from poise.model.attestation import EVERYWHERE, Evidence
from poise.model.compliance import Basis, Result
from poise.model.errors import BadInput, UsageError
from poise.model.listings import FindingFilter
from poise.model.samples.aws import ACCOUNT
from tests.app.conftest import FakeCloud, bucket

HOUSE = """title = "House"
[control.1]
title = "Versions are kept"
checks = ["aws.s3.versioning_off"]
[control.2]
title = "Plain HTTP is refused"
checks = ["aws.s3.plain_http_allowed"]
[control.3]
title = "Owners are known"
manual = "process"
[control.4]
title = "Someday"
"""


@pytest.fixture
def scanned(workspace: Workspace, cloud: FakeCloud) -> Workspace:
    cloud.buckets = [bucket("good"), bucket("bad", versioning=None), bucket("dark", unread={"policy": "AccessDenied"})]
    scan(workspace, [cloud], ScanOptions())
    workspace.standards = Standards((read_text(HOUSE, "house"),))
    return workspace


def statement(**changes: object) -> attesting.Statement:
    fields: dict[str, object] = {
        "standard": "house",
        "control": "3",
        "text": "Each has one.",
        "by": "ann@example.org",
        "until": "2026-03-31",
    }
    texts = changes.pop("evidence", ())
    return attesting.Statement(**(fields | changes), evidence=tuple(attesting.evidence(text) for text in texts))


def states(workspace: Workspace, **more: object) -> dict[str, Result]:
    return {c.control: c.state for c in compliance.standard_status(workspace, "house", **more).controls}


def test_a_standard_is_judged_over_what_is_stored(scanned):
    found = compliance.standard_status(scanned, "house")
    assert [control.state for control in found.controls] == ["failed", "unknown", "unsupported", "unsupported"]
    assert found.controls[0].failed_assets == 1
    assert found.state is Result.FAILED
    assert found.percentage == 0.0


def test_standards_without_data_are_hidden_unless_asked_for(scanned):
    shown = {each.standard for each in compliance.overview(scanned)}
    assert "house" in shown
    assert "cis_aws_6.0" in shown
    assert "cis_azure_5.0" not in shown
    assert "cis_azure_5.0" in {each.standard for each in compliance.overview(scanned, hidden_too=True)}


@pytest.mark.parametrize(
    ("patterns", "state"), [(["*"], "failed"), ([ACCOUNT], "failed"), (["1111*"], "failed"), ([], None), (["9"], None)]
)
def test_a_standard_holds_where_it_is_assigned(scanned, patterns, state):
    scanned.standards = Standards(scanned.standards.own, {"house": patterns})
    found = compliance.standard_status(scanned, "house")
    assert found.state == (state or Result.UNSUPPORTED)
    assert ("house" in {each.standard for each in compliance.overview(scanned)}) == (state is not None)


def test_an_assignment_of_a_standard_that_there_is_not_is_refused():
    with pytest.raises(UsageError, match="Did you mean cis_aws_6"):
        Standards((), {"cis_aws_6": ["*"]})


def test_other_scopes_and_other_viewers_see_nothing(scanned):
    assert set(states(scanned, scopes=["999"]).values()) == {Result.UNSUPPORTED}
    scanned.viewer = frozenset({"999"})
    assert compliance.overview(scanned) == ()


def test_findings_name_the_controls_that_their_check_answers(scanned):
    (found,) = queries.findings(scanned, FindingFilter(checks=frozenset({"aws.s3.versioning_off"}))).rows
    refs = {(ref.standard, ref.control) for ref in found.controls}
    assert ("house", "1") in refs
    assert ("soc_2_2022", "A1.2") in refs


def test_an_attestation_answers_a_control_until_its_last_day_is_over(scanned, clock):
    made = attesting.attest(scanned, statement())
    assert made.until == datetime(2026, 4, 1, tzinfo=UTC)
    found = compliance.standard_status(scanned, "house").controls[2]
    assert (found.state, found.basis, found.attestations) == (Result.PASSED, Basis.ATTESTED, (made,))
    clock.now = datetime(2026, 3, 31, 23, 59, tzinfo=UTC)
    assert states(scanned)["3"] is Result.PASSED
    clock.now = datetime(2026, 4, 1, tzinfo=UTC)
    assert states(scanned)["3"] is Result.UNSUPPORTED


def test_a_withdrawn_attestation_answers_nothing(scanned):
    attesting.attest(scanned, statement(scope=ACCOUNT))
    assert states(scanned)["3"] is Result.PASSED
    attesting.withdraw(scanned, "house", "3", "ann@example.org", ACCOUNT)
    assert states(scanned)["3"] is Result.UNSUPPORTED
    with pytest.raises(UsageError, match="Nobody has attested"):
        attesting.withdraw(scanned, "house", "3", "ann@example.org", ACCOUNT)


def test_evidence_is_a_link_or_the_digest_of_a_file(scanned, tmp_path):
    proof = tmp_path / "proof.pdf"
    proof.write_bytes(b"abc")
    made = attesting.attest(scanned, statement(evidence=("https://example.org/a", str(proof))))
    assert made.evidence[0].link == "https://example.org/a"
    assert made.evidence[1].file == "proof.pdf"
    # SHA-256 of "abc", FIPS 180-4 example
    assert made.evidence[1].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


@pytest.mark.parametrize(
    "proof",
    [
        Evidence(),
        Evidence(link="javascript:alert(1)"),
        Evidence(link="file:///etc/passwd"),
        Evidence(file="a.pdf", sha256="short"),
        Evidence(file=" ", sha256="00" * 32),
    ],
)
def test_evidence_from_afar_is_examined_too(scanned, proof):
    with pytest.raises(UsageError):
        attesting.attest(scanned, msgspec.structs.replace(statement(), evidence=(proof,)))
    assert compliance.attestations(scanned) == {}


def test_an_uploaded_file_is_kept_as_its_digest(scanned):
    proof = attesting.uploaded("proof.pdf", b"abc")
    made = attesting.attest(scanned, msgspec.structs.replace(statement(), evidence=(proof,)))
    assert made.evidence == (proof,)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"standard": "hous"}, "Did you mean house"),
        ({"control": "33"}, "no control '33'"),
        ({"scope": "999"}, "no scope '999'"),
        ({"text": "  "}, "statement is empty"),
        ({"text": "x" * 20_000}, "20,000 characters"),
        ({"by": "ann"}, "no mail address"),
        ({"by": "ann@example"}, "no mail address"),
        ({"by": "ann@example.org, bob@example.org"}, "no mail address"),
        ({"by": "Ann <ann@example.org>"}, "no mail address"),
        ({"until": "2025-12-31"}, "is past"),
        ({"until": "2026-01-01T12:00:00Z"}, "is past"),
        ({"until": "soon"}, "no date"),
        ({"until": "2026-02-30"}, "no date"),
        ({"until": "9999-12-31"}, "no date"),
        ({"evidence": ("ftp://example.org/a",)}, "no link"),
        ({"evidence": ("https://",)}, "no link"),
        ({"evidence": ("javascript://example.org/%0aalert(1)",)}, "no link"),
        ({"evidence": ("/nowhere/proof.pdf",)}, "cannot be read"),
        ({"evidence": ("https://example.org",) * 51}, "51 pieces"),
    ],
)
def test_a_bad_attestation_is_refused_and_nothing_is_kept(scanned, changes, words):
    with pytest.raises(UsageError) as caught:
        attesting.attest(scanned, statement(**changes))
    assert words in str(caught.value)
    assert compliance.attestations(scanned) == {}


def test_the_last_day_may_be_today(scanned):
    assert attesting.attest(scanned, statement(until="2026-01-01")).until == datetime(2026, 1, 2, tzinfo=UTC)


def test_who_sees_some_scopes_cannot_attest_for_all(scanned):
    scanned.viewer = frozenset({ACCOUNT})
    with pytest.raises(UsageError, match="needs sight of all"):
        attesting.attest(scanned, statement(scope=EVERYWHERE))
    assert attesting.attest(scanned, statement(scope=ACCOUNT)).scope == ACCOUNT


def test_own_standards_come_from_files_and_folders(tmp_path: Path):
    (tmp_path / "house.toml").write_text(HOUSE)
    (tmp_path / "notes.txt").write_text("no standard")
    (found,) = read_files([tmp_path])
    assert (found.id, found.is_custom) == ("house", True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nist_csf_2.0.toml", HOUSE.encode(), "already"),
        ("house.toml", b"\xff\xfe", "no text in UTF-8"),
        ("house.toml", b"#" * 5_000_000, "larger than 1,000,000 bytes"),
        ("house.toml", HOUSE.replace("versioning_off", "versioning_of").encode(), "line 4"),
        ("My House.toml", HOUSE.encode(), "no id of a standard"),
    ],
)
def test_a_bad_file_is_refused_by_name(tmp_path: Path, name, content, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((UsageError, BadInput)) as caught:
        read_files([path])
    assert words in str(caught.value)
    assert str(path) in str(caught.value)


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path):
    with pytest.raises(UsageError, match="cannot be read"):
        read_files([tmp_path / "house.toml"])


def test_the_tree_holds_each_control_once(scanned):
    standard = scanned.standards.get("cis_azure_5.0")
    shape = reports.tree_json(standard, compliance.standard_status(scanned, standard.id))

    def numbers(section):
        return [c["control"] for c in section["controls"]] + [n for s in section["sections"] for n in numbers(s)]

    assert sorted(numbers(shape)) == sorted(control.number for control in standard.controls)


def test_two_standards_are_compared(scanned):
    found = reports.comparison_json(compliance.comparison(scanned, "house", "cis_aws_6.0"))
    assert ("2", "3.1.1") in {(pair["control"], pair["other"]) for pair in found["pairs"]}
    assert [control["control"] for control in found["only_first"]] == ["1", "3", "4"]
    assert "controls" not in found["first"]


@pytest.mark.parametrize("format", reports.format_names())
def test_every_format_is_rendered(scanned, format):
    assert any(reports.export(scanned, "house", format))


def test_a_format_that_there_is_not_is_refused(scanned):
    with pytest.raises(UsageError, match="Choose from csv, html, oscal, pdf"):
        reports.export(scanned, "house", "docx")
