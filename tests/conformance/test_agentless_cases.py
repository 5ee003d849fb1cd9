"""Every row of the public cases about machines without an agent has a test, all in one table."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
LIST = TESTS.parents[1] / "shared" / "reference" / "agentless_cases.md"
VERSIONS, MATCHING = "vulns/versions/test_against_tools.py", "vulns/test_cases.py"
DATABASES, LANGUAGES = "disk/facts/packages/test_databases.py", "disk/facts/packages/test_languages.py"
MACHINE, IMAGES = "disk/facts/test_machine.py", "disk/test_images.py"
TABLE = f"{MATCHING}::test_a_version_is_affected_or_not_as_the_case_says"
IN_TABLE = (1, 2, 4, 6, 9, 10, 12, 13, 14, 16, 17, 18, 22, 30, 34, 40, 41, 44, 48, 50, 53, 54)
"""Rows that are lines of the table of versions."""
TWINS = (2, 4, 10, 13, 14, 16, 17, 30, 40, 41, 44, 48, 50)
"""Rows whose "not affected" stands beside an "affected" of the same kind."""
NAMED = (20, 21, 24, 25, 26, 28, 29, 32, 33, 36, 37, 38, 45, 46, 48, 49, 52, 53, 56, 57, 58, 60, 61)
"""Rows that a test of matching has in its name."""
OTHERS = {
    5: (f"{DATABASES}::test_the_manifest_of_images_without_a_database_keeps_epochs",),
    6: (f"{DATABASES}::test_the_source_of_an_rpm_has_a_version_of_its_own",),
    8: (f"{VERSIONS}::test_rpm_versions_sort_as_rpm_says", f"{VERSIONS}::test_orders_that_the_rules_of_a_family_state"),
    16: ("vulns/test_live_shapes.py::test_bounds_that_are_no_versions_are_counted",),
    34: (f"{LANGUAGES}::test_each_kind_of_file_names_its_packages",),
    42: (f"{DATABASES}::test_a_removed_package_whose_configuration_stayed_is_not_installed",),
    48: (f"{DATABASES}::test_a_modular_release_without_a_label_is_modular",),
    54: (f"{DATABASES}::test_apk_packages_keep_their_origin",),
    56: (f"{DATABASES}::test_packages_of_an_unknown_distribution_are_listed",),
    57: (f"{LANGUAGES}::test_what_an_rpm_or_apk_brought_is_the_distribution_s",),
    58: (f"{MACHINE}::test_case_58_the_old_kernel_is_installed_and_does_not_boot",),
    60: (f"{MACHINE}::test_case_60_headers_alone_are_no_kernel",),
    61: (f"{DATABASES}::test_rpms_whose_files_are_gone_stay_installed_and_say_so",),
    62: (f"{IMAGES}::test_an_unknown_file_system_is_unsupported_and_never_the_own_machine",),
    64: (f"{IMAGES}::test_the_inventory_is_the_same_in_every_container",),
    65: (f"{DATABASES}::test_what_stands_in_the_write_ahead_log_alone_is_read",),
    66: (f"{IMAGES}::test_a_journal_that_was_not_replayed_is_said",),
}
"""Row -> tests that answer it elsewhere."""


def listed() -> list[int]:
    if not LIST.is_file():
        pytest.skip("the list of cases is not beside this project")
    return [int(row) for row in re.findall(r"^\| (\d+) \|", LIST.read_text(), re.MULTILINE)]


@cache
def functions(file: str) -> frozenset[str]:
    tree = ast.parse((TESTS / file).read_text())
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


def lines() -> set[tuple[int, bool]]:
    """Row and answer of each line of the table of versions."""
    tree = ast.parse((TESTS / MATCHING).read_text())
    table = next(
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "SIMPLE"
    )
    assert isinstance(table, ast.List)
    rows = [row.elts for row in table.elts if isinstance(row, ast.Tuple)]
    return {(ast.literal_eval(row[0]), ast.literal_eval(row[-1])) for row in rows}


def answers(row: int) -> list[str]:
    """The tests of a row."""
    named = [f"{MATCHING}::{name}" for name in functions(MATCHING) if name.startswith(f"test_case_{row}_")]
    return [*([TABLE] if row in IN_TABLE else []), *named, *OTHERS.get(row, ())]


def test_every_row_of_the_list_has_a_test():
    assert [row for row in listed() if not answers(row)] == []


def test_every_row_that_is_named_is_on_the_list():
    assert {*IN_TABLE, *NAMED, *OTHERS} == set(listed())


def test_every_test_that_is_named_is_there():
    named = {one for row in (*IN_TABLE, *NAMED, *OTHERS) for one in answers(row)}
    missing = [one for one in named if one.split("::")[1] not in functions(one.split("::")[0])]
    assert missing == []
    assert [row for row in NAMED if not any("test_case_" in one for one in answers(row))] == []
    assert {row for row, _ in lines()} == set(IN_TABLE)


def test_what_is_not_affected_has_a_twin_that_is():
    assert [row for row in TWINS if not {(row, True), (row, False)} <= lines()] == []
