"""Who can, what can."""

from poise.policy.gcp.questions import what_can, who_can

from .documents import GET, ME, ROBOT, binding, chain, denial


def test_everybody_who_is_named_is_asked_and_strangers_too():
    closed = chain(binding("group:g@example.com"), groups={ME: ("group:g@example.com",)})
    assert {who for who, _ in who_can(GET, closed)} == {ME, "group:g@example.com"}
    opened = chain(binding("allUsers", ROBOT), denies=[denial(f"principal://goog/subject/{ME[5:]}")])
    assert {who for who, _ in who_can(GET, opened)} == {"allUsers", "allAuthenticatedUsers", ROBOT.lower()}


def test_what_is_not_allowed_is_left_out():
    assert [name for name, _ in what_can(ME, [GET, "storage.buckets.setIamPolicy"], chain(binding(ME)))] == [GET]
