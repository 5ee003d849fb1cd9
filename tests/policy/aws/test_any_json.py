"""Any JSON at all gets an answer: no crash, and nothing unreadable counts as private or denied for sure."""

from hypothesis import given, settings
from hypothesis import strategies as st

from poise.policy.answer import Decision, Level
from poise.policy.aws.callers import Caller
from poise.policy.aws.document import parse
from poise.policy.aws.escalation import escalations_of
from poise.policy.aws.evaluation import Inputs, Request, evaluate, named
from poise.policy.aws.exposure import (
    bucket_exposure,
    denies_insecure_transport,
    resource_policy_exposure,
    trust_exposure,
)
from poise.policy.aws.grants import allows, is_admin

from .documents import OURS

USER = Caller.of(f"arn:aws:iam::{OURS}:user/u")
NAMES = ["Statement", "Effect", "Action", "NotAction", "Principal", "NotPrincipal", "Resource", "Condition", "Sid"]
WORDS = ["Allow", "Deny", "*", "s3:*", "AWS", "Service", "StringEquals", "aws:SourceArn", OURS, "${aws:x}", ""]
scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=5), st.sampled_from(WORDS)
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES + WORDS), inner, max_size=4),
    ),
    max_leaves=12,
)
statements = st.fixed_dictionaries(
    {"Effect": st.sampled_from(["Allow", "Deny", "x"])}, optional=dict.fromkeys(NAMES[2:], values)
)
documents = st.one_of(values, st.fixed_dictionaries({"Statement": st.lists(statements, max_size=3)}))


@settings(max_examples=300, deadline=None)
@given(documents)
def test_every_question_about_any_json_is_answered(document):
    found = resource_policy_exposure(document, OURS)
    assert trust_exposure(document, OURS).level in Level
    assert denies_insecure_transport(document) in (True, False)
    assert bucket_exposure(document, (), None, None, None, OURS).level in Level
    answer = allows([document], "s3:GetObject", "arn:aws:s3:::b/k")
    assert is_admin([document]).decision in Decision
    assert isinstance(escalations_of([document]), tuple)
    request = Request(caller=USER, action="s3:GetObject", resource="arn:aws:s3:::b/k", owner=OURS)
    assert evaluate(request, Inputs(resource=named("p", document))).decision in Decision
    if document is not None and not parse(document).is_readable:
        assert found.level is Level.UNKNOWN
        assert answer.decision is Decision.UNKNOWN


@settings(max_examples=200, deadline=None)
@given(statements)
def test_a_malformed_allow_is_never_private(statement):
    document = {"Statement": [statement | {"Effect": "Allow"}]}
    if parse(document).problems:
        assert resource_policy_exposure(document, OURS).level is not Level.PRIVATE
