"""Requirements as npm, Cargo and RubyGems write them."""

import pytest

from poise.vulns.ranges import satisfies
from poise.vulns.versions import ruby, semantic


@pytest.mark.parametrize(
    ("requirement", "inside", "outside"),
    [
        ("^1.2.3", ("1.2.3", "1.9.0"), ("1.2.2", "2.0.0")),
        ("^0.3.4", ("0.3.4", "0.3.9"), ("0.4.0", "0.3.3")),
        ("~1.2.3", ("1.2.3", "1.2.9"), ("1.3.0",)),
        ("1.x", ("1.0.0", "1.9.9"), ("2.0.0", "0.9.0")),
        (">=1.0.0 <2.0.0 || =3.1.0", ("1.5.0", "3.1.0"), ("2.0.0", "3.1.1")),
        (">= 0.6.14, < 1.0.0", ("0.6.14",), ("1.0.0", "0.6.13")),
        ("<=2.2.x", ("2.2.9", "1.0.0"), ("2.3.0",)),
        ("<2.2.x", ("2.1.9",), ("2.2.0",)),
        (">2.2.x", ("2.3.0",), ("2.2.9",)),
        ("*", ("0.0.1", "9.9.9"), ()),
    ],
)
def test_a_semantic_requirement_holds_for_what_is_inside(requirement, inside, outside):
    assert all(satisfies(requirement, semantic.key, semantic.key(version)) for version in inside)
    assert not any(satisfies(requirement, semantic.key, semantic.key(version)) for version in outside)


@pytest.mark.parametrize(
    ("requirement", "inside", "outside"),
    [
        ("~> 1.5.11", ("1.5.11", "1.5.99"), ("1.6.0", "1.5.10")),
        ("~> 1.6.6.4", ("1.6.6.4", "1.6.6.9"), ("1.6.7",)),
        ("~> 2.2", ("2.2", "2.9"), ("3.0", "2.1")),
        (">= 1.6.7.rc4", ("1.6.7",), ("1.6.7.rc3",)),
    ],
)
def test_a_gem_requirement_holds_for_what_is_inside(requirement, inside, outside):
    assert all(satisfies(requirement, ruby.key, ruby.key(version)) for version in inside)
    assert not any(satisfies(requirement, ruby.key, ruby.key(version)) for version in outside)
