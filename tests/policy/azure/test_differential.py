"""The engine equals the literal reference evaluator on random assignments; its residual says what is left."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.policy.answer import Decision
from poise.policy.azure.assignments import Assignment, DenyAssignment, by_principal
from poise.policy.azure.attributes import Facts, decide
from poise.policy.azure.definitions import roles_of
from poise.policy.azure.permissions import Inputs, Request, evaluate
from poise.policy.azure.scopes import lowered
from poise.policy.residual import satisfiable

from . import reference

SUB = "/subscriptions/s1"
TOP, LAB = (f"/providers/Microsoft.Management/managementGroups/{name}" for name in ("top", "lab"))
THING = f"{SUB}/resourceGroups/g/providers/Microsoft.A/b/one"
SCOPES = [
    "/",
    TOP,
    LAB,
    SUB,
    "/subscriptions/s2",
    f"{SUB}/resourceGroups/g",
    f"{SUB}/resourceGroups/g2",
    THING,
    THING + "2",
]
WHO = ["me", "g1", "g2", "other"]
ACTIONS = ["Microsoft.A/b/read", "Microsoft.A/b/write", "Microsoft.A/b/c/write", "Microsoft.B/b/read"]
PATTERNS = ["*", "*/read", "*/write", "Microsoft.A/*", "microsoft.a/b/*", "Microsoft.A/*/write", "MICROSOFT.A/B/READ"]
ATTRIBUTES = {"@Resource[x:name]": ["a", "A", "ab"], "@Request[y:kind]": ["a", "b", "ab"]}
OPERATORS = ["StringEquals", "StringNotEqualsIgnoreCase", "StringLike", "ForAnyOfAnyValues:StringEquals"]


@st.composite
def comparisons(draw):
    operator = draw(st.sampled_from(OPERATORS))
    most = 2 if operator.startswith("For") else 1
    values = draw(st.lists(st.sampled_from(["a", "b", "a*", "A"]), min_size=1, max_size=most))
    return ("compare", draw(st.sampled_from(list(ATTRIBUTES))), operator, tuple(values))


def joined(parts):
    some = st.lists(parts, min_size=2, max_size=3)
    return st.one_of(
        some.map(lambda ones: ("and", *ones)), some.map(lambda ones: ("or", *ones)), parts.map(lambda one: ("not", one))
    )


actions = st.sampled_from(PATTERNS).map(lambda pattern: ("action", pattern))
trees = st.recursive(st.one_of(comparisons(), actions), joined, max_leaves=5)
maybe = st.one_of(st.none(), st.none(), trees)
patterns = st.lists(st.sampled_from(PATTERNS), max_size=2)
entries = st.fixed_dictionaries(
    {
        "actions": patterns,
        "notActions": patterns,
        "dataActions": patterns,
        "notDataActions": patterns,
        "condition": maybe,
    }
)
given_roles = st.fixed_dictionaries(
    {
        "principal": st.sampled_from(WHO),
        "role": st.sampled_from(["r1", "r2"]),
        "scope": st.sampled_from(SCOPES),
        "condition": maybe,
        "eligible": st.sampled_from([False, False, True]),
    }
)
denials = st.fixed_dictionaries(
    {
        "principals": st.lists(st.sampled_from([*WHO, "*"]), max_size=2),
        "excluded": st.lists(st.sampled_from(WHO), max_size=1),
        "scope": st.sampled_from(SCOPES),
        "stops": st.booleans(),
        "entries": st.lists(entries, min_size=1, max_size=1),
        "condition": maybe,
    }
)


@st.composite
def cases(draw):
    edges = st.lists(st.sampled_from(["g1", "g2"]), max_size=2, unique=True)
    case = reference.Case(
        principal="me",
        action=draw(st.sampled_from(ACTIONS)),
        scope=draw(st.sampled_from([SUB, THING, THING + "2", f"{SUB}/resourceGroups/g", f"{SUB}/resourceGroups/g2"])),
        is_data=draw(st.booleans()),
        roles={name: draw(st.lists(entries, min_size=1, max_size=2)) for name in ("r1", "r2")},
        assignments=draw(st.lists(given_roles, max_size=4)),
        denies=draw(st.lists(denials, max_size=2)),
        groups={name: draw(edges) for name in ("me", "g1", "g2")},
        parents=draw(st.sampled_from([{}, {SUB: LAB.lower()}, {SUB: LAB.lower(), LAB.lower(): TOP.lower()}])),
        attributes={name: draw(st.sampled_from(values)) for name, values in ATTRIBUTES.items()},
    )
    return named(case)


def named(case):
    """Write conditions out, and remember their trees by their texts."""
    conditions = {}

    def text(one):
        if isinstance(one["condition"], str) or one["condition"] is None:
            return one
        written = reference.written_out(one["condition"])
        conditions[written] = one["condition"]
        return one | {"condition": written}

    def all_of(ones):
        return [text(one | ({"entries": all_of(one["entries"])} if "entries" in one else {})) for one in ones]

    roles = {name: all_of(ones) for name, ones in case.roles.items()}
    return replace(
        case,
        roles=roles,
        assignments=all_of(case.assignments),
        denies=all_of(case.denies),
        conditions=case.conditions | conditions,
    )


EVERYBODY = "00000000-0000-0000-0000-000000000000"


def documents(case):
    roles = [{"name": name, "permissions": ones} for name, ones in case.roles.items()]
    assignments = [
        {
            "id": f"/roleEligibility/{at}" if one["eligible"] else f"/roleAssignments/{at}",
            "properties": {
                "principalId": one["principal"],
                "roleDefinitionId": f"/x/{one['role']}",
                "scope": one["scope"],
                "condition": one["condition"],
            },
        }
        for at, one in enumerate(case.assignments)
    ]
    denies = [
        {
            "scope": one["scope"],
            "permissions": one["entries"],
            "principals": [{"id": EVERYBODY if who == "*" else who} for who in one["principals"]],
            "excludePrincipals": [{"id": who} for who in one["excluded"]],
            "doNotApplyToChildScopes": one["stops"],
            "condition": one["condition"],
        }
        for one in case.denies
    ]
    return roles, assignments, denies


def ask(case, hidden=(), action=None):
    roles, assignments, denies = documents(case)
    known = Inputs(
        roles=roles_of(roles),
        assignments=by_principal(map(Assignment.of, assignments)),
        denies=tuple(map(DenyAssignment.of, denies)),
        groups=case.groups,
        parents=lowered(case.parents),
    )
    attributes = {name: value for name, value in case.attributes.items() if name not in hidden}
    request = Request(
        principal="ME",
        action=action or case.action,
        scope=case.scope.upper(),
        is_data=case.is_data,
        attributes=attributes,
    )
    return evaluate(request, known)


def settled(answer, case):
    """Return what an answer comes to once everything is known."""
    if answer.residual is None:
        return answer.decision is Decision.ALLOW
    facts = Facts.of(case.action, case.attributes)

    def outcome(leaf):
        is_activation = isinstance(leaf.test, tuple) and leaf.test[0] == "activation"
        return frozenset({case.activated if is_activation else decide(leaf.test, facts)})

    (value,) = satisfiable(answer.residual, outcome)
    return value


@settings(max_examples=500, deadline=None)
@given(cases())
def test_the_engine_equals_the_reference(case):
    answer = ask(case)
    for activated in (True, False):
        whole = replace(case, activated=activated)
        assert settled(answer, whole) is reference.decide(whole)
    assert answer.because


@settings(max_examples=300, deadline=None)
@given(cases(), st.sampled_from(list(ATTRIBUTES)))
def test_what_is_left_open_is_exactly_what_the_unknown_attribute_decides(case, hidden):
    answer = ask(case, {hidden})
    assert answer.decision is not Decision.UNKNOWN
    for value in ATTRIBUTES[hidden]:
        for activated in (True, False):
            whole = replace(case, attributes=case.attributes | {hidden: value}, activated=activated)
            assert settled(answer, whole) is reference.decide(whole)


@settings(max_examples=150, deadline=None)
@given(cases(), denials)
def test_adding_a_denial_never_widens(case, one):
    more = named(replace(case, denies=[*case.denies, one]))
    assert settled(ask(more), more) <= settled(ask(case), case)


@settings(max_examples=150, deadline=None)
@given(cases(), given_roles)
def test_adding_an_assignment_never_narrows(case, one):
    more = named(replace(case, assignments=[*case.assignments, one]))
    assert settled(ask(more), more) >= settled(ask(case), case)


@settings(max_examples=150, deadline=None)
@given(cases(), st.randoms(use_true_random=False))
def test_order_and_the_case_of_actions_do_not_matter(case, random):
    before = ask(case).decision
    for ones in (case.assignments, case.denies, *case.roles.values()):
        random.shuffle(ones)
    for entry in (entry for ones in case.roles.values() for entry in ones):
        for part in ("actions", "notActions", "dataActions", "notDataActions"):
            entry[part] = [text.swapcase() for text in entry[part]]
    assert ask(case, action=case.action.swapcase()).decision is before
