"""Where guardrails of an organization act: service control and resource control policies.

Source: Organizations User Guide, "Service control policies" and "Resource control policies" (list of services
as of 2026-08). Every level from the root to the account must allow; inside a level one policy is enough. The
management account and service-linked roles are exempt from both.
"""

from __future__ import annotations

from poise.policy.answer import Unread
from poise.policy.aws.callers import Caller
from poise.policy.aws.matching import Question
from poise.policy.aws.sources import Source
from poise.policy.aws.votes import Votes, collect, unread_votes

Levels = tuple[tuple[Source, ...], ...] | Unread | None
"""Guardrails of each level, root first; None: there are none of this kind."""

RESOURCE_CONTROLLED = frozenset(
    {
        *("appconfig", "appstream", "aoss", "autoscaling", "autoscaling-plans", "budgets", "clouddirectory"),
        *("cloudfront", "cloudsearch", "cloudtrail-data", "codeartifact", "codebuild", "codecommit"),
        *("codepipeline", "cognito-identity", "cognito-idp", "comprehend", "comprehendmedical"),
        *("compute-optimizer", "cost-optimization-hub", "dax", "dsql", "dynamodb", "ecr", "ecr-public"),
        *("events", "firehose", "fis", "fms", "gamelift", "health", "inspector-scan", "kendra"),
        *("kinesisvideo", "kms", "logs", "memorydb", "networkmonitor", "notifications", "opensearch"),
        *("pca-connector-ad", "personalize", "polly", "pricing", "resource-groups", "rolesanywhere", "s3"),
        *("secretsmanager", "servicediscovery", "signin", "sqs", "sts", "support", "swf", "textract"),
        *("timestream-influxdb", "transcribe", "transfer", "translate", "wafv2", "workspaces", "xray"),
    }
)
"""Service prefixes whose actions resource control policies act on."""
NOT_RESOURCE_CONTROLLED = frozenset({"kms:retiregrant"})


def scp_votes(levels: Levels, caller: Caller, question: Question) -> tuple[Votes, ...]:
    """Return the votes of each level of service control policies that acts on the caller."""
    if not caller.has_identity or caller.is_service_linked:
        return ()
    return _votes("service control policies", levels, question)


def rcp_votes(levels: Levels, caller: Caller, question: Question) -> tuple[Votes, ...]:
    """Return the votes of each level of resource control policies that acts on the asset."""
    service = question.action.partition(":")[0]
    controlled = service in RESOURCE_CONTROLLED and question.action not in NOT_RESOURCE_CONTROLLED
    if not controlled or caller.is_service_linked:
        return ()
    return _votes("resource control policies", levels, question)


def _votes(name: str, levels: Levels, question: Question) -> tuple[Votes, ...]:
    if levels is None:
        return ()
    if isinstance(levels, Unread):
        return (unread_votes(name, levels),)
    return tuple(collect(f"{name} at level {at}", level, question) for at, level in enumerate(levels))
