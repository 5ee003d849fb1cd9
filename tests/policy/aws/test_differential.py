"""The engine equals the literal reference evaluator on random policies; its residual says what is left."""

import os

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.policy.answer import Decision
from poise.policy.aws.callers import Caller
from poise.policy.aws.context import Context
from poise.policy.aws.evaluation import Inputs, Request, evaluate, named
from poise.policy.aws.operators import holds
from poise.policy.aws.sources import sources_of
from poise.policy.residual import satisfiable

from . import reference
from .documents import FOREIGN, OURS

MORE = int(os.environ.get("POISE_MORE_EXAMPLES", "1"))
"""Factor for long runs by hand."""
USER = f"arn:aws:iam::{OURS}:user/u"
ROLE = f"arn:aws:iam::{OURS}:role/r"
SESSION = f"arn:aws:sts::{OURS}:assumed-role/r/s"
ROOT = f"arn:aws:iam::{OURS}:root"
STRANGER = f"arn:aws:iam::{FOREIGN}:user/x"
CALLERS = {
    USER: (Caller.of(USER), OURS, ""),
    SESSION: (Caller.of(SESSION), OURS, ROLE),
    ROOT: (Caller.of(ROOT), OURS, ""),
    STRANGER: (Caller.of(STRANGER), FOREIGN, ""),
    "": (Caller.anonymous(), "", ""),
    "s3.amazonaws.com": (Caller.service("s3.amazonaws.com"), "", ""),
}
RESOURCES = {
    "s3:getobject": "arn:aws:s3:::b/u",
    "s3:putobject": "arn:aws:s3:::b/x",
    "kms:decrypt": f"arn:aws:kms:eu-west-1:{OURS}:key/1",
    "sts:assumerole": f"arn:aws:iam::{OURS}:role/t",
    "iam:getuser": USER,
}
KEYS = {
    "aws:SourceVpc": [None, ["vpc-1"], ["vpc-2"]],
    "aws:SecureTransport": [["true"], ["false"]],
    "aws:SourceIp": [None, ["10.1.2.3"], ["203.0.113.5"]],
    "aws:PrincipalOrgID": [None, ["o-1"], ["o-2"]],
    "aws:TagKeys": [None, ["a"], ["a", "b"], ["B"]],
    "s3:max-keys": [None, ["5"], ["50"]],
}
VALUES = {
    "aws:SourceVpc": (
        ["StringEquals", "StringNotEquals", "StringLike", "StringNotLike"],
        ["vpc-1", "vpc-*", "x"],
    ),
    "aws:SecureTransport": (["Bool", "BoolIfExists"], ["true", "false"]),
    "aws:SourceIp": (["IpAddress", "NotIpAddress", "IpAddressIfExists"], ["10.0.0.0/8", "203.0.113.0/24"]),
    "aws:PrincipalOrgID": (["StringEquals", "StringNotEqualsIfExists", "StringLikeIfExists"], ["o-1", "o-*"]),
    "aws:TagKeys": (
        ["ForAllValues:StringEquals", "ForAnyValue:StringEqualsIgnoreCase", "ForAnyValue:StringNotEquals"],
        ["a", "b"],
    ),
    "s3:max-keys": (["NumericLessThan", "NumericLessThanIfExists"], ["10"]),
    "aws:PrincipalArn": (["ArnLike", "ArnNotLike", "StringLike"], ["arn:aws:iam::*:role/r", USER, "arn:*"]),
    "aws:username": (["StringEquals", "StringNotEquals"], ["u", "${aws:username}", "${aws:SourceVpc}"]),
}

actions = st.sampled_from(["*", "s3:*", "S3:Get*", "kms:Decrypt", "sts:AssumeRole", "iam:*", "*:*e*", "s3:p?tObject"])
resources = st.sampled_from(
    [
        "*",
        "arn:aws:s3:::b/*",
        "arn:aws:s3:::b/${aws:username}",
        "arn:aws:s3:::*",
        f"arn:aws:kms:*:{OURS}:key/*",
        ROLE,
    ]
)
principals = st.sampled_from(
    [
        "*",
        {"AWS": "*"},
        {"AWS": OURS},
        {"AWS": ROOT},
        {"AWS": [USER, FOREIGN]},
        {"AWS": ROLE},
        {"AWS": SESSION},
        {"AWS": STRANGER},
        {"Service": "s3.amazonaws.com"},
        {"AWS": [OURS, USER, ROLE, SESSION]},
    ]
)


@st.composite
def conditions(draw):
    if draw(st.booleans()):
        return {}
    key = draw(st.sampled_from([*VALUES, "null"]))
    if key == "null":
        return {"Null": {draw(st.sampled_from(list(KEYS))): draw(st.sampled_from(["true", "false"]))}}
    operators, values = VALUES[key]
    return {draw(st.sampled_from(operators)): {key: draw(st.lists(st.sampled_from(values), min_size=1, max_size=2))}}


@st.composite
def statements(draw, with_principal=False):
    made = {"Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"]))}
    made[draw(st.sampled_from(["Action", "Action", "Action", "NotAction"]))] = draw(
        st.lists(actions, min_size=1, max_size=2)
    )
    made[draw(st.sampled_from(["Resource", "Resource", "NotResource"]))] = draw(
        st.lists(resources, min_size=1, max_size=2)
    )
    if with_principal:
        made["Principal"] = draw(principals)
    if found := draw(conditions()):
        made["Condition"] = found
    return made


def documents(with_principal=False):
    return st.builds(
        lambda version, parts: {"Version": version, "Statement": parts},
        st.sampled_from(["2012-10-17", "2012-10-17", "2008-10-17"]),
        st.lists(statements(with_principal), max_size=3),
    )


@st.composite
def cases(draw):
    caller = draw(st.sampled_from(list(CALLERS)))
    one, account, role = CALLERS[caller]
    action = draw(st.sampled_from(list(RESOURCES)))
    context = {key.lower(): draw(st.sampled_from(values)) for key, values in KEYS.items()}
    facts = {key: None if value is None else [value] for key, value in one.facts().items()}
    levels = st.one_of(st.none(), st.lists(st.lists(documents(), min_size=1, max_size=2), max_size=2))
    return reference.Case(
        caller=caller,
        account=account,
        role=role,
        action=action,
        resource=RESOURCES[action],
        owner=OURS,
        context=context | facts,
        identity=draw(st.lists(documents(), max_size=2)) if account else [],
        boundary=draw(st.one_of(st.none(), documents())) if account else None,
        session=draw(st.one_of(st.none(), documents())) if role else None,
        scps=draw(levels) if account else None,
        rcps=draw(levels) if action.split(":")[0] in ("s3", "kms", "sts") else None,
        resource_policy=draw(st.one_of(st.none(), documents(with_principal=True))),
    )


def layered(levels):
    return None if levels is None else tuple(sources_of(level) for level in levels)


def ask(case, hidden=()):
    known = {key: value for key, value in case.context.items() if key not in hidden}
    request = Request(
        caller=CALLERS[case.caller][0],
        action=case.action.upper(),
        resource=case.resource,
        owner=case.owner,
        context=known,
        is_complete=not hidden,
    )
    inputs = Inputs(
        identity=sources_of(case.identity),
        boundary=None if case.boundary is None else named("boundary", case.boundary),
        session=None if case.session is None else named("session", case.session),
        scps=layered(case.scps),
        rcps=layered(case.rcps),
        resource=named("resource", case.resource_policy),
    )
    return evaluate(request, inputs)


@settings(max_examples=200 * MORE, deadline=None)
@given(cases())
def test_the_engine_equals_the_reference_on_whole_requests(case):
    answer = ask(case)
    assert answer.decision is (Decision.ALLOW if reference.decide(case) else Decision.DENY)
    assert answer.because


@settings(max_examples=120 * MORE, deadline=None)
@given(cases(), st.sets(st.sampled_from([key.lower() for key in KEYS]), min_size=1, max_size=2))
def test_what_is_left_open_is_exactly_what_the_unknown_keys_decide(case, hidden):
    answer = ask(case, hidden)
    assert answer.decision is not Decision.UNKNOWN
    for values in completions(sorted(hidden)):
        whole = reference.Case(**{**vars(case), "context": case.context | values})
        assert truth(answer, whole.context) is reference.decide(whole)


def completions(keys):
    if not keys:
        yield {}
        return
    lower = {key.lower(): values for key, values in KEYS.items()}
    for rest in completions(keys[1:]):
        for value in lower[keys[0]]:
            yield {keys[0]: value} | rest


def truth(answer, context):
    if answer.residual is None:
        return answer.decision is Decision.ALLOW
    known = Context.of(context, is_complete=True)
    (value,) = satisfiable(answer.residual, lambda leaf: frozenset({decided(leaf.test, known)}))
    return value


def decided(test, known):
    return holds(test, known, variables=True)


@settings(max_examples=60 * MORE, deadline=None)
@given(cases(), statements())
def test_adding_a_deny_never_widens(case, statement):
    before = ask(case).decision
    more = {"Version": "2012-10-17", "Statement": [statement | {"Effect": "Deny"}]}
    after = ask(reference.Case(**{**vars(case), "identity": [*case.identity, more]})).decision
    assert not (before is Decision.DENY and after is Decision.ALLOW)


@settings(max_examples=60 * MORE, deadline=None)
@given(cases(), statements())
def test_adding_an_allow_never_narrows(case, statement):
    before = ask(case).decision
    more = {"Version": "2012-10-17", "Statement": [statement | {"Effect": "Allow"}]}
    after = ask(reference.Case(**{**vars(case), "identity": [*case.identity, more]})).decision
    assert not (before is Decision.ALLOW and after is Decision.DENY)


@settings(max_examples=60 * MORE, deadline=None)
@given(cases(), st.randoms())
def test_order_of_statements_and_case_of_actions_do_not_matter(case, random):
    before = ask(case).decision
    for document in case.identity:
        random.shuffle(document["Statement"])
        for statement in document["Statement"]:
            for name in statement.keys() & {"Action", "NotAction"}:
                statement[name] = [text.swapcase() for text in statement[name]]
    assert ask(case).decision is before
