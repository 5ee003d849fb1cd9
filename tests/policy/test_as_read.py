"""What an unknown answer comes to by what was read alone."""

from poise.policy.answer import Answer, Decision, Unread
from poise.policy.as_read import as_far_as_read
from poise.policy.outcome import answer_of
from poise.policy.residual import Form, Residual, all_of, any_of, condition, negate

GUARDRAIL = [Residual(Form.UNREAD, "service control policies", "not collected", vote) for vote in ("allow", "deny")]
POLICY = [Residual(Form.UNREAD, "bucket policy of reports", "AccessDenied", vote) for vote in ("allow", "deny")]
OFFICE = condition("aws:SourceIp is 198.51.100.0/24", "ip")


def limited(granted):
    """Put an unread guardrail around what is granted."""
    return answer_of(all_of((GUARDRAIL[0], granted, negate(GUARDRAIL[1]))), ())


def test_a_guardrail_that_was_not_read_counts_as_no_limit():
    assert as_far_as_read(limited(True)) == (Decision.ALLOW, None)


def test_a_condition_is_left_over():
    assert as_far_as_read(limited(OFFICE)) == (Decision.CONDITIONAL, OFFICE)


def test_a_grant_that_was_not_read_is_no_grant():
    assert as_far_as_read(limited(POLICY[0])) == (Decision.UNKNOWN, None)
    assert as_far_as_read(limited(any_of((POLICY[0], OFFICE)))) == (Decision.CONDITIONAL, OFFICE)


def test_an_answer_that_is_known_stays():
    for decision in (Decision.ALLOW, Decision.DENY):
        assert as_far_as_read(Answer(decision)) == (decision, None)
    assert as_far_as_read(Answer(Decision.UNKNOWN, unread=(Unread("an input", "denied"),)))[0] is Decision.UNKNOWN
