"""Users, groups, roles, policies, and what is attached to whom (Terraform AWS provider, "IAM")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import Resource
from poise.collect.terraform.values import document, words
from poise.model.aws.iam import IamGroup, IamInstanceProfile, IamPolicy, IamRole, IamUser

Holder = type[IamUser | IamGroup | IamRole]
HOLDERS: dict[str, Holder] = {"user": IamUser, "group": IamGroup, "role": IamRole}
Handler = Callable[[Resource, Draft], str | None]
NEW = "arn:aws:iam::{scope}:"


def policy(resource: Resource, draft: Draft) -> None:
    """A managed policy: its document is the version in force."""
    facts = {"document": lambda r: document(r.planned("policy"))}
    if resource.comes or resource.goes:
        draft.whole(IamPolicy, resource, facts, NEW + f"policy/{_name(resource)}")
    elif resource.is_other("policy"):
        draft.put(draft.find(IamPolicy, resource.before.get("arn")), document=facts["document"](resource))


def role(resource: Resource, draft: Draft) -> None:
    """A role with its trust policy and boundary."""
    facts: dict[str, Any] = {
        "trust_policy": lambda r: document(r.planned("assume_role_policy")),
        "permissions_boundary": lambda r: r.planned("permissions_boundary") or None,
    }
    if resource.comes or resource.goes:
        _new(resource, draft, "role", facts)
        return
    found = draft.find(IamRole, resource.before.get("arn") or resource.before.get("name"))
    written = {"trust_policy": "assume_role_policy", "permissions_boundary": "permissions_boundary"}
    draft.put(found, **{fact: facts[fact](resource) for fact, name in written.items() if resource.is_other(name)})


def user(resource: Resource, draft: Draft) -> None:
    """A user."""
    _new(resource, draft, "user", {"permissions_boundary": lambda r: r.planned("permissions_boundary") or None})


def group(resource: Resource, draft: Draft) -> None:
    """A group."""
    _new(resource, draft, "group", {})


def _new(resource: Resource, draft: Draft, kind: str, facts: dict[str, Any]) -> None:
    """Make, change or remove a holder; a new one holds no policies but those that the plan attaches."""
    empty: dict[str, Any] = {"inline_policies": lambda _: {}, "attached_policies": lambda _: []}
    empty |= {"groups": lambda _: []} if kind == "user" else {}
    made = facts | empty if resource.comes else facts
    draft.whole(HOLDERS[kind], resource, made, NEW + f"{kind}/{_name(resource)}")


def _name(resource: Resource) -> str:
    return str(resource.after.get("name") or resource.address)


def _inline(kind: str) -> Handler:
    def handle(resource: Resource, draft: Draft) -> None:
        """Put a policy into its holder, or take it out."""
        if resource.before:
            holder = draft.find(HOLDERS[kind], resource.before.get(kind))
            name = resource.before.get("name")
            draft.put(holder, inline_policies={n: d for n, d in holder.inline_policies.items() if n != name})
        if resource.after:
            holder = draft.find(HOLDERS[kind], resource.after.get(kind))
            name = str(resource.after.get("name") or resource.address)
            written = {**holder.inline_policies, name: document(resource.planned("policy"))}
            draft.put(holder, inline_policies=written)

    return handle


def _attached(kind: str) -> Handler:
    def handle(resource: Resource, draft: Draft) -> str | None:
        """Attach a managed policy, or take it off."""
        if resource.before:
            _detach(draft, kind, resource.before.get(kind), resource.before.get("policy_arn"))
        if not resource.after:
            return None
        return _attach(draft, kind, resource.after.get(kind), resource.planned("policy_arn"))

    return handle


def attachment_of_all(resource: Resource, draft: Draft) -> str | None:
    """Attach a policy to many; whom the state did not hold keeps nothing of it, which is not simulated."""
    told: str | None = None
    for kind in HOLDERS:
        for name in words(resource.before.get(f"{kind}s")):
            _detach(draft, kind, name, resource.before.get("policy_arn"))
        for name in words(resource.planned(f"{kind}s")) if resource.after else ():
            told = _attach(draft, kind, name, resource.planned("policy_arn"))
    return told


def _attach(draft: Draft, kind: str, name: Any, arn: Any) -> str | None:
    holder = draft.find(HOLDERS[kind], name)
    draft.put(holder, attached_policies=(*(one for one in holder.attached_policies if one != arn), arn))
    is_read = any(policy.id == arn for policy in draft.of(IamPolicy))
    return None if is_read else f"it is attached, but the document of {arn} is not stored: what it allows is unknown"


def _detach(draft: Draft, kind: str, name: Any, arn: Any) -> None:
    holder = draft.find(HOLDERS[kind], name)
    draft.put(holder, attached_policies=tuple(one for one in holder.attached_policies if one != arn))


def membership(resource: Resource, draft: Draft) -> None:
    """The groups that a user is put into."""
    for row, is_after in ((resource.before, False), (resource.after, True)):
        if row:
            member = draft.find(IamUser, row.get("user"))
            named = words(resource.planned("groups") if is_after else row.get("groups"))
            others = tuple(one for one in member.groups if one not in named)
            draft.put(member, groups=(*others, *named) if is_after else others)


def profile(resource: Resource, draft: Draft) -> None:
    """What hands a role to machines."""
    facts = {"role": lambda r: draft.find(IamRole, r.planned("role")).id if r.planned("role") else None}
    draft.whole(IamInstanceProfile, resource, facts, NEW + f"instance-profile/{_name(resource)}")


HANDLERS: dict[str, Handler] = {
    "aws_iam_policy": policy,
    "aws_iam_role": role,
    "aws_iam_user": user,
    "aws_iam_group": group,
    "aws_iam_instance_profile": profile,
    "aws_iam_policy_attachment": attachment_of_all,
    "aws_iam_user_group_membership": membership,
    **{f"aws_iam_{kind}_policy": _inline(kind) for kind in HOLDERS},
    **{f"aws_iam_{kind}_policy_attachment": _attached(kind) for kind in HOLDERS},
}
