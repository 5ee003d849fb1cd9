"""Handing a role to a service: `iam:PassRole`, and whether the service can then take the role.

Source: IAM User Guide, "Grant a user permissions to pass a role to an AWS service". It is no call of its own:
the permission is checked when a service is set up, only inside one account, with `iam:PassedToService`.
"""

from __future__ import annotations

from poise.policy.answer import Answer, Decision, Reason
from poise.policy.aws.callers import Caller
from poise.policy.aws.evaluation import Inputs, Request, evaluate
from poise.policy.aws.outcome import all_answers
from poise.policy.aws.principals import account_of
from poise.policy.aws.votes import Sources

PASS = "iam:PassRole"  # noqa: S105  # an action, not a password


def can_pass(caller: Caller, role_arn: str, service: str, inputs: Inputs, trust: Sources) -> Answer:
    """Answer whether a caller can give a role to a service that can take it.

    ``inputs`` are those of the caller; ``trust`` is the trust policy of the role; ``service`` its principal
    name, such as `lambda.amazonaws.com`.
    """
    account = account_of(role_arn)
    if account != caller.account:
        text = f"{role_arn} is in account {account}: roles are passed only inside one account"
        return Answer(Decision.DENY, (Reason(text),))
    context = {"iam:PassedToService": service}
    passing = Request(caller=caller, action=PASS, resource=role_arn, owner=account, context=context)
    return all_answers((evaluate(passing, inputs), trusts_service(role_arn, service, trust)))


def trusts_service(role_arn: str, service: str, trust: Sources) -> Answer:
    """Answer whether a role lets a service of its own account take it."""
    account = account_of(role_arn)
    taking = Request(
        caller=Caller.service(service),
        action="sts:AssumeRole",
        resource=role_arn,
        owner=account,
        context={"aws:SourceAccount": account},
    )
    return evaluate(taking, Inputs(resource=trust))
