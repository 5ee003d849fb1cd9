"""Conditions of role assignments: grammar, operators, and what stays open."""

import pytest

from poise.policy.answer import Decision
from poise.policy.azure.attributes import Facts, holds
from poise.policy.azure.conditions import parse_condition
from poise.policy.azure.operators import operator_of
from poise.policy.residual import Form

from .documents import ASSIGN, BLOB_READ, CONTAINER, ask, given, inputs, role

NAME = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]"
PATH = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]"
GUARDED = f"((!(ActionMatches{{'{BLOB_READ}'}})) OR ({NAME} StringEquals 'ledgers'))"
BLOBS = role("blobs", data=["Microsoft.Storage/*"])
WRITE = BLOB_READ.replace("/read", "/write")


def decide(written, attributes=None, action=BLOB_READ, **more):
    return holds(parse_condition(written), Facts.of(action, attributes or {}, **more))


def in_container(condition, scope=CONTAINER, action=BLOB_READ, **more):
    return ask(action, inputs([BLOBS], [given("blobs", condition=condition)]), scope, is_data=True, **more)


def test_the_name_of_a_container_follows_from_the_scope():
    assert in_container(GUARDED).decision is Decision.ALLOW
    assert in_container(GUARDED, CONTAINER + "-old").decision is Decision.DENY
    assert in_container(GUARDED, CONTAINER.rpartition("/blobServices")[0]).decision is Decision.CONDITIONAL


def test_actions_that_the_condition_does_not_target_are_allowed():
    assert in_container(GUARDED, CONTAINER + "-old", WRITE).decision is Decision.ALLOW


def test_an_attribute_that_is_not_known_stays_as_the_residual():
    answer = in_container(f"{PATH} StringLike 'public/*'")
    assert answer.decision is Decision.CONDITIONAL
    assert str(answer.residual) == f"{PATH} StringLike {{public/*}}"
    assert in_container(f"{PATH} StringLike 'public/*'", attributes={PATH: "public/a"}).decision is Decision.ALLOW
    assert in_container(f"{PATH} StringLike 'public/*'", attributes={PATH: "secret/a"}).decision is Decision.DENY


# Examples of the vendor's page, section "Operator examples".
@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'blue', 'green'}", True),
        ("{'red', 'blue'} ForAnyOfAnyValues:StringEquals {'orange', 'green'}", False),
        ("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'orange', 'red', 'blue'}", True),
        ("{'red', 'blue'} ForAllOfAnyValues:StringEquals {'red', 'green'}", False),
        ("{10, 20} ForAnyOfAllValues:NumericLessThan {15, 18}", True),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {5, 15, 18}", False),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {25, 30}", True),
        ("{10, 20} ForAllOfAllValues:NumericLessThan {15, 25, 30}", False),
        ("'abcd' StringLike 'a*c?'", True),
        ("'abcd' StringLike 'A*C?'", False),
        ("'abcd' StringLikeIgnoreCase 'A*C?'", True),
        ("'abcd' StringLike 'a*c'", False),
        (r"'a*c' StringLike 'a\*c'", True),
        (r"'abc' StringLike 'a\*c'", False),
        (r"'a?c' StringLike 'a\?*'", True),
        ("'abc' StringStartsWith 'ab'", True),
        ("'abc' StringNotStartsWith 'ab'", False),
        ("'abc' StringStartsWithIgnoreCase 'AB'", True),
        ("'a' StringNotEquals 'A'", True),
        ("'a' StringNotEqualsIgnoreCase 'A'", False),
        ("3 NumericGreaterThanEquals 3", True),
        ("'2026-11-25T00:00:00Z' DateTimeLessThan '2026-11-25T01:00:00+02:00'", False),
        ("'2026-11-25' DateTimeGreaterThan '2026-11-24T00:00:00Z'", True),
        ("'8B9DFCAB-4b77-4632-a6df-94bd07820648' GuidEquals 8b9dfcab4b774632a6df94bd07820648", True),
        ("'8b9dfcab-4b77-4632-a6df-94bd07820648' GuidNotEquals 8b9dfcab4b774632a6df94bd07820648", False),
        ("true BoolEquals 'True'", True),
        ("true boolnotequals false", True),
        ("'203.0.113.7' IpMatch '203.0.113.0/24'", True),
        (f"ActionMatches{{'{BLOB_READ.upper()}'}}", True),
        ("ActionMatches{'Microsoft.Storage/*/read'}", True),
        ("ActionMatches{'Microsoft.Compute/*'}", False),
        ("NOT (ActionMatches{'*'}) && ActionMatches{'*'}", False),
        ("!!ActionMatches{'*'} || ActionMatches{'x'}", True),
    ],
)
def test_operators_decide_as_the_vendor_says(written, expected):
    assert decide(written) is expected


def test_and_binds_closer_than_or_and_parentheses_closer_still():
    yes, no = "ActionMatches{'*'}", "ActionMatches{'x'}"
    assert decide(f"{yes} OR {yes} AND {no}") is True
    assert decide(f"({yes} OR {yes}) AND {no}") is False


def test_sub_operations_are_open_until_they_are_said():
    written = "SubOperationMatches{'Blob.List'}"
    assert decide(written).form is Form.CONDITION
    assert decide(written, sub_operation="blob.list") is True
    assert decide(written, sub_operation="") is False


def test_what_is_missing_exists_not_and_equals_nothing():
    tag = (
        "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:Project<$key_case_sensitive$>]"
    )
    assert decide(f"Exists {tag}", {tag: None}) is False
    assert decide(f"NOT Exists {tag}", {tag: None}) is True
    assert decide(f"{tag} StringEquals 'a'", {tag: None}) is False
    assert decide(f"{tag} StringNotEquals 'a'", {tag: None}).form is Form.CONDITION
    assert decide(f"{tag} StringEquals 'a'", is_complete=True) is False


def test_keys_of_tags_keep_their_case_where_it_counts_and_names_of_attributes_do_not():
    base = "@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags:{}<$key_case_sensitive$>]"
    known = {base.format("Project"): "a"}
    assert decide(f"{base.format('Project').replace('Storage', 'STORAGE')} StringEquals 'a'", known) is True
    assert decide(f"{base.format('project')} StringEquals 'a'", known).form is Form.CONDITION


def test_many_values_under_an_operator_for_one_stay_open():
    assert decide(f"{PATH} StringEquals 'a'", {PATH: ("a", "b")}).form is Form.CONDITION


def test_a_delegation_constraint_is_decided_by_the_role_that_is_assigned():
    role_id = "@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]"
    owner, reader = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "acdd72a7-3385-48ef-bd42-f606fba81ae7"
    written = f"((!(ActionMatches{{'{ASSIGN}'}})) OR ({role_id} ForAnyOfAnyValues:GuidEquals{{{reader}}}))"
    known = inputs([role("granter", ASSIGN, condition=written)], [given("granter")])
    assert ask(ASSIGN, known).decision is Decision.CONDITIONAL
    assert ask(ASSIGN, known, attributes={role_id: f"/subscriptions/x/{reader}"}).decision is Decision.ALLOW
    assert ask(ASSIGN, known, attributes={role_id: owner}).decision is Decision.DENY


@pytest.mark.parametrize(
    "written",
    [
        "(",
        ")",
        "@Resource[a] StringSomething 'a'",
        "@Nobody[a] StringEquals 'a'",
        "@Resource[a] StringEquals",
        "@Resource[a] GuidLike 'a'",
        "@Resource[a] StringEquals {}",
        "@Resource[a] StringEquals 'a' OR",
        "'a' StringEquals \"a\"",
        "ActionMatches{'a', 'b'}",
        "(" * 100 + "ActionMatches{'*'}" + ")" * 100,
        "ActionMatches{'*'} OR " * 10_000 + "ActionMatches{'*'}",
        "§",
    ],
)
def test_what_cannot_be_understood_is_unknown(written):
    answer = in_container(written)
    assert answer.decision is Decision.UNKNOWN
    assert answer.unread[0].reason.startswith("it cannot be understood")


def test_operators_of_one_kind_are_not_those_of_another():
    assert operator_of("NumericEqualsIgnoreCase") is None
    assert operator_of("ForAnyOfAnyValues:") is None
    assert operator_of("forallofallvalues:DATETIMENOTEQUALS") is not None
