"""`governance.toml`: rules from a file, and errors that name the line."""

import pytest

from poise.app import governing, governing_file
from poise.model.errors import BadInput, UsageError
from poise.model.governance import Condition, CountedFrom, OwnerSource, Place, Rule
from poise.model.verdict import Severity
from tests.app.test_governing import CHECK, assigned, estate

__all__ = ["estate"]
GOOD = f"""
[[rule]]
name = "buckets of the shop"
priority = 10
scope = {{ nodes = ["r-root"] }}
excluded = {{ accounts = ["999999999999"] }}
owner = {{ tag = "owner", default = "sec@example.org" }}
days = 14
grace = true
counted_from = "assigned"
managers = ["boss@example.org"]

[[rule.condition]]
severities = ["critical", "high"]

[[rule.condition]]
checks = ["{CHECK}"]

[[rule]]
name = "the rest"
priority = 900
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "governance.toml"
        path.write_text(text) if isinstance(text, str) else path.write_bytes(text)
        return path

    return write


def test_a_file_gives_its_rules(workspace, estate, file):
    path = file(GOOD)
    found = governing_file.sync(workspace, path, "ann")
    assert (found.added, found.changed, found.removed, found.kept) == (("buckets of the shop", "the rest"), (), (), 0)
    first = governing.rules(workspace)[0]
    assert first == Rule(
        name="buckets of the shop",
        priority=10,
        scope=Place(nodes=("r-root",)),
        excluded=Place(accounts=("999999999999",)),
        conditions=(Condition(severities=(Severity.CRITICAL, Severity.HIGH)), Condition(checks=(CHECK,))),
        owner=OwnerSource(tag="owner", default="sec@example.org"),
        days=14,
        is_grace=True,
        counted_from=CountedFrom.ASSIGNED,
        managers=("boss@example.org",),
        origin=str(path),
    )
    assert assigned(workspace)["b"] == ("sec@example.org", "2026-01-15")


def test_a_dry_run_of_a_file_changes_nothing(workspace, estate, file):
    assert governing_file.sync(workspace, file(GOOD), "ann", dry_run=True).dry_run.taken
    assert governing.rules(workspace) == ()


def test_what_left_the_file_is_removed_and_what_came_from_elsewhere_stays(workspace, estate, file):
    governing.add(workspace, Rule(name="by hand", priority=500), "ann")
    governing_file.sync(workspace, file(GOOD), "ann")
    found = governing_file.sync(workspace, file(GOOD[: GOOD.rindex("[[rule]]")].replace("14", "7")), "ann")
    assert (found.changed, found.removed) == (("buckets of the shop",), ("the rest",))
    assert [one.name for one in governing.rules(workspace)] == ["buckets of the shop", "by hand"]


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("days = 14", "days = 0", 8, "0 days"),
        ("days = 14", 'days = "soon"', 8, "Expected `int`"),
        ("sec@example.org", "sec", 7, "'sec' is no mail address"),
        ("boss@example.org", "boss", 11, "'boss' is no mail address"),
        ("priority = 10", "priority = 4000", 4, "4000"),
        ("priority = 900", "priority = 10", 21, "'buckets of the shop' has the priority 10 too"),
        ('name = "the rest"', 'name = "buckets of the shop"', 20, "there already|already"),
        (f'"{CHECK}"', '"aws.s3.nothing"', 17, "there is no check 'aws.s3.nothing'"),
        ('"critical"', '"dreadful"', 14, "Invalid enum value 'dreadful'"),
        ("grace = true", "inherits = 'the rest'", 9, "unknown field `inherits`"),
        ('accounts = ["999999999999"]', 'nodes = ["r-root"]', 6, "excludes all that its scope names"),
        ('counted_from = "assigned"', 'counted_from = "tomorrow"', 10, "Invalid enum value"),
    ],
)
def test_whatever_is_wrong_is_named_with_its_line(workspace, estate, file, old, new, line, says):
    path = file(GOOD.replace(old, new))
    with pytest.raises(BadInput, match=says) as caught:
        governing_file.sync(workspace, path, "ann")
    assert f"{path}:{line}: " in str(caught.value)
    assert governing.rules(workspace) == ()


def test_rules_cannot_refer_to_each_other_so_there_is_no_cycle(workspace, estate, file):
    text = '[[rule]]\nname = "a"\npriority = 1\nafter = "b"\n[[rule]]\nname = "b"\npriority = 2\nafter = "a"\n'
    with pytest.raises(BadInput, match=r":4: .*unknown field `after`"):
        governing_file.sync(workspace, file(text), "ann")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[rule]", "governance.toml"),
        ("rule = 4", "Expected"),
        ("[other]", "holds other"),
        (b"\xff\xfe", "no text in UTF-8"),
        ("#" * 1_000_001, "larger than 1,000,000 bytes"),
        ("a = " + "[" * 5000, "governance.toml"),
        ('[[rule]]\nname = "a"', "missing required field `priority`"),
    ],
)
def test_a_file_that_is_no_list_of_rules_is_refused(workspace, estate, file, text, says):
    with pytest.raises(BadInput, match=says):
        governing_file.sync(workspace, file(text), "ann")


def test_a_file_that_is_not_there_is_said(workspace, tmp_path):
    with pytest.raises(UsageError, match="cannot be read"):
        governing_file.sync(workspace, tmp_path / "none.toml", "ann")
