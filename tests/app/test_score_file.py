"""The score from counts alone: the published examples, and files that are wrong."""

import json

import pytest

from poise.app.score_file import score_of_file
from poise.model.errors import BadInput, UsageError

API = [
    # The secureScores example of the publisher's REST API: control, max, healthy, unhealthy, not applicable.
    ("Protect applications against DDoS attacks", 2, 0, 0, 1),
    ("Enable MFA", 10, 1, 0, 0),
    ("Implement security best practices", 0, 7, 0, 1),
    ("Enable Advanced Threat Protection", 0, 0, 1, 0),
    ("Enable auditing and logging", 1, 1, 4, 0),
    ("Manage access and permissions", 4, 1, 1, 0),
    ("Remediate security configurations", 4, 0, 1, 0),
    ("Enable endpoint protection", 2, 0, 1, 0),
    ("Apply system updates", 6, 0, 1, 0),
    ("Encrypt data in transit", 4, 5, 1, 0),
    ("Restrict unauthorized network access", 4, 1, 0, 0),
    ("Enable encryption at rest", 4, 1, 0, 0),
]


def file_of(tmp_path, *rows):
    names = ("control", "max", "healthy", "unhealthy", "not_applicable")
    path = tmp_path / "counts.json"
    path.write_text(json.dumps([dict(zip(names, row, strict=True)) for row in rows]))
    return path


def test_the_twelve_controls_of_the_publisher_give_what_it_prints(tmp_path):
    found = score_of_file(file_of(tmp_path, *API))

    assert (found.overall.current, found.overall.max, found.overall.percentage) == (23.53, 39, 0.6033)
    (scope,) = found.scopes
    assert (scope.current, scope.max, scope.percentage) == (23.53, 39, 0.6033)
    by_name = {control.control: control for control in scope.controls}
    transit = by_name["Encrypt data in transit"]
    assert (transit.current, transit.percentage, transit.weight) == (3.33, 0.8325, 6)
    ddos = by_name["Protect applications against DDoS attacks"]
    assert (ddos.max, ddos.current, ddos.percentage, ddos.weight) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    ("healthy", "unhealthy", "current", "potential"), [(4, 74, 0.31, 5.69), (5, 30, 0.86, 5.14)], ids=["SS-01", "SS-02"]
)
def test_a_control_of_six_gives_the_published_points(tmp_path, healthy, unhealthy, current, potential):
    (control,) = score_of_file(file_of(tmp_path, ("c", 6, healthy, unhealthy, 0))).scopes[0].controls

    assert (control.current, control.potential) == (current, potential)


def test_the_overall_points_are_those_of_the_only_scope_however_great_they_are(tmp_path):
    found = score_of_file(file_of(tmp_path, ("c", 100_000, 1, 2, 0)))

    assert found.overall.current == found.scopes[0].current == 33333.33


def test_an_empty_list_has_no_points(tmp_path):
    assert score_of_file(file_of(tmp_path)).overall.max == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Input data was truncated"),
        ("[{", "truncated"),
        ("[1, 2", "`$[0]`"),
        ('{"control": "c"}', "Expected `array`, got `object`"),
        ('[{"control": "c", "max": 1, "healthy": 1}]', "missing required field `unhealthy` - at `$[0]`"),
        ('[{"control": "c", "max": -1, "healthy": 1, "unhealthy": 1}]', "`$[0].max`"),
        ('[{"control": "c", "max": 1.5, "healthy": 1, "unhealthy": 1}]', "`$[0].max`"),
        ('[{"control": "c", "max": 1, "healthy": 1, "unhealthy": 1, "helthy": 1}]', "helthy"),
        ("[" * 100_000, "counts.json"),
    ],
)
def test_a_file_of_another_shape_is_refused_with_the_place(tmp_path, text, said):
    path = tmp_path / "counts.json"
    path.write_text(text)

    with pytest.raises(BadInput) as refused:
        score_of_file(path)
    assert said in str(refused.value)


def test_a_control_that_is_there_twice_is_refused(tmp_path):
    with pytest.raises(BadInput, match="'c' is there 2 times"):
        score_of_file(file_of(tmp_path, ("c", 1, 1, 0, 0), ("c", 1, 0, 1, 0)))


def test_a_file_that_is_not_text_or_not_there_is_refused(tmp_path):
    (tmp_path / "bytes.json").write_bytes(b'[{"control": "\xff"}]')
    with pytest.raises(BadInput, match=r"bytes\.json"):
        score_of_file(tmp_path / "bytes.json")
    with pytest.raises(UsageError, match="cannot be read"):
        score_of_file(tmp_path / "none.json")
    with pytest.raises(UsageError, match="cannot be read"):
        score_of_file(tmp_path)
