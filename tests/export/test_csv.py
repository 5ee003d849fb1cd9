import csv
import io

from poise.export import csv as format
from tests.export.estate import FORMULA, report


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(format.render(report())), newline="")))


def test_no_cell_begins_like_a_formula():
    assert not [cell for row in rows() for cell in row.values() if cell[:1] in tuple("=+-@\t\r")]


def test_a_name_that_is_a_formula_is_kept_behind_an_apostrophe():
    assert rows()[1]["name"] == f"'{FORMULA}"


def test_every_finding_is_a_line():
    assert len(rows()) == len(report().findings)
