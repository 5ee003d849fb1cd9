"""Every fault that users of other tools reported has its test: row by row, so that a missing one is red.

The rows are those of the list of reported faults about policies, permissions, networks and clouds; their tests stand in
`bug_cases`, named by the row.
"""

import ast
import re
from pathlib import Path

import pytest

CASES = Path(__file__).parent / "bug_cases"
LIST = Path(__file__).resolve().parents[3] / "shared" / "reference" / "bug_cases.md"
ROWS = {
    "a": (1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22, 24, 25, 27, 28, 30, 31, 33),
    "b": (1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19, 21, 22, 24, 25, 27, 28, 30, 31),
    "c": (1, 3, 4, 6, 7, 9, 10, 12, 13, 15, 16, 18, 19),
    "d": (1, 3, 4, 6, 7, 9, 10, 12),
}
ALL = [f"{group}{number:02}" for group, numbers in ROWS.items() for number in numbers]


def named_by(row):
    """Return the names of the tests of a row."""
    tree = ast.parse((CASES / f"test_{row[0]}.py").read_text())
    names = (node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return [name for name in names if name.startswith(f"test_{row}_")]


@pytest.mark.parametrize("row", ALL)
def test_a_reported_fault_has_a_test_that_is_named_by_its_row(row):
    assert named_by(row)


@pytest.mark.skipif(not LIST.exists(), reason="needs the shared data, which is not beside this project")
def test_the_rows_are_those_of_the_list():
    listed = re.findall(r"^\| ([A-D]\d\d) \|", LIST.read_text(), re.MULTILINE)
    assert [row.lower() for row in listed] == ALL
