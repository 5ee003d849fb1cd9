"""Roles that a service may assume on behalf of any customer of AWS.

A service that works for everybody can be told to use your role by somebody else. Services that name the source of a
request (`aws:SourceAccount`, `aws:SourceArn`) let the trust policy ask for your own. Services that name none, EC2 and
Lambda among them, are left out: such a condition would break them.
"""

from poise.model import (
    Check,
    Example,
    Fix,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.asset import Document
from poise.model.aws.iam import IamRole
from poise.model.samples.aws import ACCOUNT
from poise.model.samples.aws_iam import IAM_ROLE
from poise.policy.aws.demands import names_service
from poise.policy.aws.exposure import Level, trust_exposure
from poise.policy.aws.principal import is_service_linked, partition_of

NAMING_SOURCE = (
    *("bedrock.amazonaws.com", "config.amazonaws.com", "ecs-tasks.amazonaws.com", "frauddetector.amazonaws.com"),
    *("iot.amazonaws.com", "personalize.amazonaws.com", "pipes.amazonaws.com", "scheduler.amazonaws.com"),
    *("sms-voice.amazonaws.com", "states.amazonaws.com", "vpc-flow-logs.amazonaws.com"),
)
"""Services whose own pages on the confused deputy put the source into the trust policy of their role."""


def evaluate(role: IamRole, services: tuple[str, ...]) -> Verdict:
    if is_service_linked(role):
        return not_applicable("the role belongs to a service, which alone can change it")
    exposure = trust_exposure(role.trust_policy, role.scope, partition_of(role.id))
    if exposure.level is Level.UNKNOWN:
        return unknown("; ".join(reason.text for reason in exposure.because))
    naming = [one for service in services for one in _spellings(service) if names_service(role.trust_policy, one)]
    if not naming:
        return not_applicable("no service that names the source of a request may assume the role")
    open_to = [service for service in exposure.unconfined_services if service in naming]
    if open_to:
        return unhealthy(f"{', '.join(open_to)} may assume the role for any customer", seen=role.trust_policy)
    return healthy("each service must come on behalf of a named source")


def _spellings(service: str) -> tuple[str, str]:
    """Return the names of a service in the partition of China too."""
    return service, f"{service}.cn"


def _trusting(service: str, **condition: Document) -> IamRole:
    statement: Document = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return replace(IAM_ROLE, trust_policy={"Statement": [statement | {"Condition": condition}]})


OWN = {"aws:SourceAccount": ACCOUNT}

CHECK = Check(
    title="Services should assume roles on behalf of your own account only",
    asset=IamRole,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html#cross-service-confused-deputy-prevention",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Roles, {name}, Trust relationships, Edit: add to the service's statement the condition "
        '"StringEquals": {"aws:SourceAccount": "{scope}"}.',
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform="""
condition {   # in the aws_iam_policy_document of the trust policy of {name}
  test     = "StringEquals"
  variable = "aws:SourceAccount"
  values   = ["{scope}"]
}
""",
        impact="Keep other services out of that statement: one that names no source could not assume the role any more.",
    ),
    parameters=(Parameter("services", NAMING_SOURCE, "Services that name the source when they assume a role."),),
    examples=(
        Example("EC2 names no source", IAM_ROLE, "not_applicable"),
        Example("own account", _trusting("states.amazonaws.com", StringEquals=OWN), "healthy"),
        Example("no condition", _trusting("states.amazonaws.com"), "unhealthy", "states.amazonaws.com"),
        Example("in China", _trusting("states.amazonaws.com.cn"), "unhealthy", "states.amazonaws.com.cn"),
        Example("source if sent", _trusting("states.amazonaws.com", StringEqualsIfExists=OWN), "unhealthy"),
        Example(
            "service of one's own list",
            _trusting("glue.amazonaws.com"),
            "unhealthy",
            parameters={"services": ("glue.amazonaws.com",)},
        ),
        Example(
            "service-linked", replace(_trusting("states.amazonaws.com"), path="/aws-service-role/x/"), "not_applicable"
        ),
        Example("unreadable", replace(IAM_ROLE, trust_policy={"Statement": "all"}), "unknown", "Statement"),
        Example("unread", replace(IAM_ROLE, unread={"trust_policy": "malformed"}), "unknown", "malformed"),
    ),
)
