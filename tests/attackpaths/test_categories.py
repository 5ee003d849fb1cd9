from poise.attackpaths.catalog import rules
from poise.attackpaths.categories import CATEGORIES, PathCategory, categories_of


def test_every_rule_has_a_category_and_no_other_is_named():
    assert CATEGORIES.keys() == rules().keys()


def test_an_open_entry_is_an_exposure_and_each_category_is_told_once():
    assert categories_of("anyone", ["granted_permission", "granted_permission:admin", "public_copy"]) == (
        PathCategory.EXPOSURE,
        PathCategory.IDENTITY,
        PathCategory.DATA,
    )
    assert categories_of("foreign account", ["assumed_role"]) == (PathCategory.IDENTITY,)
