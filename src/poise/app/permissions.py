"""Least-privilege policies of the connectors, made from the calls that each service module says it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from poise.model.errors import UsageError
from poise.model.listing import Read

AWS_POLICY_LIMIT = 6144
"""Characters of a managed policy, spaces aside (IAM user guide, "IAM and AWS STS quotas")."""


@dataclass(frozen=True)
class Grant:
    """One permission and what it is for."""

    permission: str
    service: str
    calls: tuple[str, ...]
    feeds: tuple[str, ...]
    """Records and fields that stay unread without it."""


def reads(provider: str) -> dict[str, tuple[Read, ...]]:
    """Return service -> the calls its connector makes. Raises :class:`UsageError` for an unknown provider."""
    if provider == "aws":
        from poise.collect.aws import services
        from poise.collect.aws.connector import BEFORE_SERVICES

        return {"regions": BEFORE_SERVICES} | {name: service.READS for name, service in services.load().items()}
    if provider == "azure":
        from poise.collect.azure import services as azure_services

        every = azure_services.load() | azure_services.of_tenants()
        return {name: service.READS for name, service in every.items()}
    raise UsageError(f"There is no connector {provider!r}.", f"Choose from {', '.join(PROVIDERS)}.")


PROVIDERS = ("aws", "azure")


def grants(provider: str) -> tuple[Grant, ...]:
    """Return every permission that a connector needs, by name, with what it is for."""
    found: dict[str, list[tuple[str, Read]]] = {}
    for service, calls in reads(provider).items():
        for read in calls:
            if read.permission:
                found.setdefault(read.permission, []).append((service, read))
    return tuple(
        Grant(
            permission,
            uses[0][0],
            tuple(dict.fromkeys(read.call for _, read in uses)),
            tuple(dict.fromkeys(fed for _, read in uses for fed in read.feeds)),
        )
        for permission, uses in sorted(found.items())
    )


def policy(provider: str, scopes: tuple[str, ...] = ()) -> Mapping[str, Any]:
    """Return the policy document: an IAM policy for AWS, a custom role for Azure.

    ``scopes`` are the subscriptions in which the Azure role may be assigned.
    """
    names = [grant.permission for grant in grants(provider) if not is_of_graph(provider, grant.permission)]
    return _iam_policy(names) if provider == "aws" else _azure_role(names, scopes)


def is_of_graph(provider: str, permission: str) -> bool:
    """Say whether a permission is one of Microsoft Graph, to which an administrator consents: no role gives it."""
    return provider == "azure" and "/" not in permission


def _iam_policy(actions: list[str]) -> Mapping[str, Any]:
    statement = {"Sid": "PoiseReads", "Effect": "Allow", "Action": actions, "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _azure_role(actions: list[str], scopes: tuple[str, ...]) -> Mapping[str, Any]:
    return {
        "Name": "Poise reader",
        "IsCustom": True,
        "Description": "Reads the configuration that Poise judges, and nothing else.",
        "Actions": actions,
        "NotActions": [],
        "DataActions": [],
        "NotDataActions": [],
        "AssignableScopes": [f"/subscriptions/{scope}" for scope in scopes or ("SUBSCRIPTION_ID",)],
    }
