"""From truths to answers and back."""

from poise.policy.answer import Answer, Decision, Reason, Unread
from poise.policy.outcome import all_answers, answer_from, answer_of, truth_of
from poise.policy.residual import all_of, condition, unread

OPEN, GAP = condition("c", "c"), unread("policy", "denied")
YES, NO, WHEN = Reason("yes"), Reason("no"), Reason("when")


def test_an_unread_input_in_a_residual_makes_it_unknown():
    assert answer_of(True, ()).decision is Decision.ALLOW
    assert answer_of(OPEN, ()).decision is Decision.CONDITIONAL
    answer = answer_of(all_of((OPEN, GAP)), ())
    assert (answer.decision, answer.unread) == (Decision.UNKNOWN, (Unread("policy", "denied"),))
    assert truth_of(answer) == answer.residual


def test_a_denial_names_what_denied_and_an_allow_what_narrows_it():
    assert answer_from(False, [(True, YES)], [(OPEN, WHEN), (True, NO)]).because == (NO,)
    assert answer_from(OPEN, [(True, YES)], [(OPEN, WHEN)]).because == (YES, WHEN)


def test_the_first_denial_of_many_answers_decides():
    answers = [Answer(Decision.UNKNOWN), Answer(Decision.DENY, (NO,)), Answer(Decision.ALLOW)]
    assert all_answers(answers).because == (NO,)
    assert all_answers(answers[::2]).decision is Decision.UNKNOWN
