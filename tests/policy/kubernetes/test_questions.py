"""Who can."""

from poise.policy.kubernetes.permissions import Inputs, Request
from poise.policy.kubernetes.questions import who_can

from .documents import binding, cluster_role, group, rule, user


def test_users_members_of_groups_and_nobody_signed_in_are_asked():
    documents = [
        cluster_role("r", rule("get", "pods")),
        binding("r", user("ada"), group("dev"), group("system:unauthenticated")),
        cluster_role("s", rule("get", "secrets")),
        binding("s", user("bob")),
    ]
    found = [subject.user for subject, _ in who_can(Request(verb="get", resource="pods"), Inputs.of(documents))]
    assert found == [
        "ada",
        "system:anonymous",
        "a member of dev",
        "a member of system:masters",
        "a member of system:unauthenticated",
    ]
