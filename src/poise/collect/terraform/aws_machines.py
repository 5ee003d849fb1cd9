"""Machines: who reaches their metadata, what they wear, which role they have (Terraform AWS provider, "EC2")."""

from __future__ import annotations

from typing import Any

from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import Resource
from poise.collect.terraform.values import one_of, words
from poise.model.aws.ec2 import Ec2Instance, NetworkInterface
from poise.model.aws.iam import IamInstanceProfile
from poise.model.aws.vpc_rules import SecurityGroup

NEW = "arn:aws:ec2:planned:{scope}:instance/"
WRITTEN = {
    "metadata": "metadata_options",
    "security_groups": "vpc_security_group_ids",
    "profile": "iam_instance_profile",
}


def instance(resource: Resource, draft: Draft) -> None:
    """A machine; its first interface wears its security groups."""
    read: dict[str, Any] = {
        "metadata": _metadata,
        "security_groups": lambda r: _groups(r, draft),
        "profile": lambda r: _profile(r, draft),
    }
    if resource.comes or resource.goes:
        draft.whole(Ec2Instance, resource, read, NEW + resource.address)
        return
    found = draft.find(Ec2Instance, resource.before.get("arn") or resource.before.get("id"))
    facts = {fact: read[fact](resource) for fact, name in WRITTEN.items() if resource.is_other(name)}
    draft.put(found, **facts)
    if "security_groups" in facts and found.interfaces:
        draft.put(draft.find(NetworkInterface, found.interfaces[0]), security_groups=facts["security_groups"])


def _metadata(resource: Resource) -> dict[str, Any]:
    """Return the options; what is not written is as AWS has it unless the image or account says otherwise."""
    written = one_of(resource.planned("metadata_options"))
    return {
        "http_endpoint": written.get("http_endpoint") or "enabled",
        "http_tokens": written.get("http_tokens") or "optional",
        "hop_limit": written.get("http_put_response_hop_limit") or 1,
        "instance_tags": written.get("instance_metadata_tags"),
    }


def _groups(resource: Resource, draft: Draft) -> list[str]:
    return [draft.find(SecurityGroup, id).id for id in words(resource.planned("vpc_security_group_ids"))]


def _profile(resource: Resource, draft: Draft) -> str | None:
    name = resource.planned("iam_instance_profile")
    return draft.find(IamInstanceProfile, name).id if name else None


HANDLERS = {"aws_instance": instance}
