"""What is wrong in a standard is told with its line."""

from __future__ import annotations

import pytest

from poise.model.errors import BadInput
from poise.model.standard import ManualClass
from poise.standards.reading import MOST_BYTES, read

GOOD = """title = "House rules"
version = "2"

[section.1]
title = "Storage"

[section."1.1"]
title = "Buckets"
within = "1"

[control."1.1.1"]
title = "Buckets are private"
section = "1.1"
checks = ["aws.s3.open_to_everyone"]

[control."1.1.2"]
title = "Buckets have owners"
section = "1.1"
manual = "process"

[control."1.1.3"]
title = "Buckets have names"
manual = "Names are a matter of taste."

[control."2"]
title = "Nothing yet"
"""
KNOWN = {"aws.s3.open_to_everyone", "aws.s3.versioning_off"}


def test_a_standard_is_read_whole():
    found = read(GOOD, "house", "house.toml", KNOWN)
    assert (found.id, found.name) == ("house", "House rules 2")
    assert [(s.number, s.within) for s in found.sections] == [("1", ""), ("1.1", "1")]
    assert [c.number for c in found.controls] == ["1.1.1", "1.1.2", "1.1.3", "2"]
    assert found.controls[0].checks == ("aws.s3.open_to_everyone",)
    assert found.controls[1].manual == ManualClass.PROCESS.meaning
    assert found.controls[2].manual == "Names are a matter of taste."
    assert (found.controls[3].checks, found.controls[3].manual) == ((), "")


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("aws.s3.open_to_everyone", "aws.s3.open_to_everyon", 14, "Did you mean aws.s3.open_to_everyone?"),
        ("aws.s3.open_to_everyone", "gcp.x.y", 14, "the check 'gcp.x.y', which there is not"),
        ('within = "1"', 'within = "1.1"', 7, "a circle: 1.1 in 1.1"),
        ('title = "Storage"', 'title = "Storage"\nwithin = "1.1"', 4, "a circle: 1 in 1.1 in 1"),
        ('within = "1"', 'within = "7"', 7, "within '7', which is no section"),
        ('section = "1.1"\nchecks', 'section = "9"\nchecks', 11, "in section '9', which is not there"),
        ('title = "Buckets are private"\n', "", 11, "control 1.1.1 has no title"),
        ('manual = "process"', 'manuel = "process"', 16, "Did you mean manual?"),
        ('manual = "process"', "manual = 3", 16, "expected a text"),
        ('checks = ["aws.s3.open_to_everyone"]', "checks = [1]", 11, "expected a list of texts"),
        (
            'checks = ["aws.s3.open_to_everyone"]',
            'checks = ["aws.s3.versioning_off", "aws.s3.versioning_off"]',
            11,
            "names a check twice",
        ),
        ('manual = "process"', 'manual = "process"\nchecks = ["aws.s3.versioning_off"]', 16, "has checks and a reason"),
        ('[control."2"]', '[control."1.1.1 "]', 25, "is a second '1.1.1'"),
        ('[control."2"]', "[[controls]]", 25, "no field 'controls'"),
        ('title = "House rules"\n', "", 1, "`title` is missing"),
        ('[control."2"]\ntitle = "Nothing yet"', "[control]\n2 = 5", 26, "control 2 is 5"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(old, new, line, words):
    assert old in GOOD
    with pytest.raises(BadInput) as caught:
        read(GOOD.replace(old, new, 1), "house", "house.toml", KNOWN)
    assert f"house.toml, line {line}:" in str(caught.value)
    assert words in str(caught.value)


def test_a_number_that_is_given_twice_is_refused_with_its_line():
    with pytest.raises(BadInput, match=r"house\.toml is not valid TOML: .*line 25"):
        read(GOOD.replace('[control."2"]', '[control."1.1.1"]'), "house", "house.toml")


def test_text_that_is_no_toml_is_refused_with_its_line():
    with pytest.raises(BadInput, match="line 2"):
        read('title = "x"\n=', "house", "house.toml")


def test_a_standard_of_five_megabytes_is_refused_before_it_is_read():
    with pytest.raises(BadInput, match=r"has 5\.0 MB; a standard may have 1 MB"):
        read("#" * 5 * MOST_BYTES, "house", "house.toml")


def test_deep_nesting_is_refused():
    with pytest.raises(BadInput):
        read("title = " + "[" * 100_000, "house", "house.toml")


@pytest.mark.parametrize("id", ["", "A B", "../x", "x" * 65])
def test_an_id_is_a_plain_word(id):
    with pytest.raises(BadInput, match="no id of a standard"):
        read(GOOD, id, "house.toml")
