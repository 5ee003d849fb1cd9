import json

import pytest
from hypothesis import given
from hypothesis.strategies import text

from poise.model.text import printable, printable_block, printable_json, spreadsheet_cell


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("reports", "reports"),
        ("naïve 数据 🙂", "naïve 数据 🙂"),
        ("\x1b[2Jgone", "\\u001b[2Jgone"),
        ("safe\u202egpj.exe", "safe\\u202egpj.exe"),
        ("isolate\u2066x\u2069", "isolate\\u2066x\\u2069"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("two\nlines\tand a tab", "two lines and a tab"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("क्\u200dष", "क्\u200dष"),
    ],
)
def test_nothing_that_others_wrote_can_steer_a_terminal(given: str, shown: str):
    assert printable(given) == shown


def test_lines_of_a_block_stay():
    assert printable_block("a\x07\nb") == "a\\u0007\nb"


@pytest.mark.parametrize("first", "=+-@\t\r")
def test_no_cell_is_taken_for_a_formula(first: str):
    assert spreadsheet_cell(f"{first}1") == f"'{printable(first)}1"


def test_no_cell_steers_a_terminal_and_its_lines_stay():
    assert spreadsheet_cell("a\nb\x1b[2J") == "a\nb\\u001b[2J"


@given(text())
def test_json_means_the_same_after_it_was_made_safe(value: str):
    encoded = json.dumps(value, ensure_ascii=False)

    assert json.loads(printable_json(encoded)) == value


def test_json_on_a_terminal_reorders_nothing():
    assert printable_json('"safe\u202egpj.exe"') == '"safe\\u202egpj.exe"'


@pytest.mark.parametrize("text", ["", "plain", "a=b", "1+1"])
def test_other_cells_stay_as_they_are(text: str):
    assert spreadsheet_cell(text) == text
