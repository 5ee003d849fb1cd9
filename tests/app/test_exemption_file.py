"""`exemptions.toml`: what it gives, and that whatever is wrong is named with its line and changes nothing."""

from datetime import UTC, datetime

import pytest

from poise.app import exemptions
from poise.app.scan import ScanOptions, scan
from poise.model import Severity
from poise.model.check import Category
from poise.model.errors import BadInput, UsageError
from poise.model.exemption import Covers, Kind
from poise.model.samples.aws import ACCOUNT
from tests.app.conftest import bucket
from tests.app.test_exemptions import exemption

GOOD = '''# Reviewed by the security team.
[[exemption]]
name = "old-buckets"
kind = "waiver"
reason = """
They are retired with
the shop."""
approver = "ann@example.org"
until = 2026-06-30
checks = ["aws.s3.versioning_off"]
accounts = ["ACCOUNT"]

[[exemption]]  # the second
name = "backed-up"
kind = "mitigated"
reason = "Copies are kept elsewhere."
approver = "ann@example.org"
until = 2026-06-30T12:00:00Z
categories = ["misconfiguration"]
severities = ["low"]
assets = ["arn:aws:s3:::a"]
tags = {team = "shop"}
'''.replace("ACCOUNT", ACCOUNT)


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "exemptions.toml"
    path.write_text(GOOD)
    return path


@pytest.fixture
def estate(workspace, cloud):
    cloud.buckets = [bucket("a", versioning=None, tags={"team": "shop"})]
    scan(workspace, [cloud], ScanOptions())


def there(workspace):
    return {row.exemption.name: row.exemption for row in workspace.store.exemptions.present()}


def test_a_file_is_taken_whole(workspace, file, estate):
    found = exemptions.sync(workspace, file, "ann")

    assert [one.exemption.name for one in found.added] == ["old-buckets", "backed-up"]
    kept = there(workspace)
    assert kept["old-buckets"].covers == Covers(checks=("aws.s3.versioning_off",), scopes=(ACCOUNT,))
    assert kept["old-buckets"].until == datetime(2026, 7, 1, tzinfo=UTC)
    assert kept["backed-up"].kind is Kind.MITIGATED
    assert kept["backed-up"].until == datetime(2026, 6, 30, 12, tzinfo=UTC)
    assert kept["backed-up"].covers == Covers(
        categories=(Category.MISCONFIGURATION,),
        severities=(Severity.LOW,),
        assets=("arn:aws:s3:::a",),
        tags={"team": "shop"},
    )
    assert {one.origin for one in kept.values()} == {str(file.resolve())}


def test_taking_it_again_changes_nothing_and_a_changed_one_replaces(workspace, file, estate):
    exemptions.sync(workspace, file, "ann")

    again = exemptions.sync(workspace, file, "ann")
    assert (again.added, again.changed, again.removed, again.kept) == ((), (), (), 2)

    file.write_text(GOOD.replace('"waiver"', '"mitigated"').split("[[exemption]]  #")[0])
    changed = exemptions.sync(workspace, file, "ann")
    assert [one.exemption.name for one in changed.changed] == ["old-buckets"]
    assert changed.removed == ("backed-up",)
    assert there(workspace)["old-buckets"].kind is Kind.MITIGATED
    assert list(there(workspace)) == ["old-buckets"]


def test_a_dry_run_says_what_would_be_and_changes_nothing(workspace, file, estate):
    found = exemptions.sync(workspace, file, "ann", dry_run=True)

    assert [one.exemption.name for one in found.added] == ["old-buckets", "backed-up"]
    assert found.added[0].covered == 1
    assert there(workspace) == {}
    assert workspace.store.audit.page().rows == ()


def test_what_was_added_by_hand_is_left_alone(workspace, file, estate, clock):
    exemptions.add(workspace, exemption(clock, "by-hand"), "ann")
    exemptions.sync(workspace, file, "ann")
    file.write_text("")

    assert exemptions.sync(workspace, file, "ann").removed == ("backed-up", "old-buckets")
    assert list(there(workspace)) == ["by-hand"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("until = 2026-06-30\n", "until = 2025-06-30\n", 9, "it ended at 2025-07-01 00:00 UTC"),
        ("until = 2026-06-30\n", "", 2, "an exemption has no 'until'"),
        ("until = 2026-06-30\n", 'until = "soon"\n', 9, "'until' cannot be understood"),
        ("until = 2026-06-30\n", "until = 3\n", 9, "3 is no date"),
        ('kind = "mitigated"', 'kind = "ignored"', 15, "choose from waiver, mitigated"),
        ('name = "backed-up"', 'name = "old-buckets"', 14, "is there already, in line 3"),
        ('name = "backed-up"', "name = 7", 14, "'name' is 7; expected a text"),
        ('checks = ["aws.s3.versioning_off"]', 'checks = ["aws.s3.nothing"]', 10, "no check 'aws.s3.nothing'"),
        ('checks = ["aws.s3.versioning_off"]', 'checks = "aws.s3"', 10, "'checks': Expected `array`"),
        ("accounts", "acounts", 11, "there is no key 'acounts'"),
        ("accounts", "scopes", 11, "there is no key 'scopes'"),
        ('severities = ["low"]', 'severities = ["lowest"]', 20, "Invalid enum value 'lowest'"),
        ('tags = {team = "shop"}', "tags.team = 3", 22, "'tags': Expected `str`"),
        ('approver = "ann@example.org"\nuntil = 2026-06-30\n', 'approver = ""\nuntil = 2026-06-30\n', 8, "approved"),
    ],
)
def test_whatever_is_wrong_is_named_with_its_line_and_nothing_is_changed(workspace, file, estate, old, new, line, said):
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1))

    with pytest.raises(BadInput) as refused:
        exemptions.sync(workspace, file, "ann")

    assert f"exemptions.toml:{line}: " in str(refused.value)
    assert said in str(refused.value)
    assert there(workspace) == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[exemption]\n", "line 1"),
        ("[exemption]\nname = 'x'\n", "Expected [[exemption]] tables"),
        ("[[exemptions]]\n", "holds exemptions"),
        ("exemption = [1]\n", "Expected [[exemption]] tables"),
        ('exemption = [{name = "x"}]\n', "exemption 1: an exemption has no 'kind'"),
        ('note = "other"\n', "holds note"),
    ],
)
def test_a_file_of_another_form_is_refused(workspace, file, text, said):
    file.write_text(text)

    with pytest.raises(BadInput) as refused:
        exemptions.sync(workspace, file, "ann")
    assert said in str(refused.value)


def test_a_header_inside_a_text_does_not_shift_the_lines(workspace, file, estate):
    file.write_text(GOOD.replace("the shop.", "the\n[[exemption]]\nshop.").replace("accounts", "acounts"))

    with pytest.raises(BadInput, match="exemption 1: there is no key 'acounts'"):
        exemptions.sync(workspace, file, "ann")


def test_a_file_that_is_not_there_or_no_text_is_refused(workspace, tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        exemptions.sync(workspace, tmp_path / "none.toml", "ann")
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadInput, match="no text in UTF-8"):
        exemptions.sync(workspace, tmp_path / "bytes.toml", "ann")


def test_a_name_from_elsewhere_is_not_taken_over(workspace, file, tmp_path, estate):
    exemptions.sync(workspace, file, "ann")
    other = tmp_path / "other.toml"
    other.write_text(GOOD)

    with pytest.raises(BadInput, match="already, from elsewhere"):
        exemptions.sync(workspace, other, "ann")
