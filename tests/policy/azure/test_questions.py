"""Who can, what can."""

from poise.policy.answer import Decision
from poise.policy.azure.questions import what_can, who_can

from .documents import ASSIGN, GROUP, ME, OTHER, TEAM, denied, given, inputs, role

KNOWN = inputs(
    [role("owner", "*"), role("reader", "*/read"), role("knows", ASSIGN)],
    [given("owner", to=TEAM, kind="Group"), given("reader", to=OTHER), given("owner", to="late", eligible=True)],
    groups={ME: (TEAM,)},
)


def test_everybody_who_is_named_is_asked():
    found = {who: answer.decision for who, answer in who_can(ASSIGN, GROUP, KNOWN)}
    assert found == {ME: Decision.ALLOW, TEAM: Decision.ALLOW, "late": Decision.CONDITIONAL}


def test_what_is_denied_is_left_out():
    actions = [ASSIGN, "Microsoft.Compute/virtualMachines/read"]
    shield = denied(actions=[ASSIGN], principals=[ME])
    known = inputs([role("owner", "*"), role("k", *actions)], [given("owner")], [shield])
    assert [action for action, _ in what_can(ME, actions, GROUP, known)] == actions[1:]
