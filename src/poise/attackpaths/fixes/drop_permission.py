"""Take the permission that makes a step out of the policies of a principal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from poise.attackpaths.documents import without_actions
from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import Document, replace
from poise.model.aws.iam import IamGroup, IamPolicy, IamRole, IamUser
from poise.model.check import Fix as Texts
from poise.model.graph import Capability

Holder = IamUser | IamRole | IamGroup
AWS = "aws"
PASS_ROLE = "iam:passrole"  # noqa: S105 - an action, not a password
CAPABILITIES = frozenset(Capability)


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield every policy of the principal that allows the action, without it; managed ones of AWS are detached."""
    principal = ground.assets.get(step.source.node)
    if isinstance(principal, IamUser | IamRole | IamGroup) and step.actions:
        for holder in _holders(ground, principal):
            yield from _changes(ground, holder, _meant(step))


def _meant(step: Step) -> tuple[str, ...]:
    """Return what is taken away: of a row that needs all its actions one, the handing out of roles if it is there."""
    if not step.row or step.row in CAPABILITIES:
        return tuple("*:*" if action == "*" else action for action in step.actions)
    return (next((one for one in step.actions if one.lower() == PASS_ROLE), step.actions[0]),)


def _holders(ground: Ground, principal: Holder) -> Iterator[Holder]:
    yield principal
    if isinstance(principal, IamUser) and "groups" not in principal.unread:
        for id in principal.groups:
            group = ground.assets.get(id)
            if isinstance(group, IamGroup):
                yield group


def _changes(ground: Ground, holder: Holder, actions: Iterable[str]) -> Iterator[Change]:
    told = ", ".join(actions)
    attached = () if "attached_policies" in holder.unread else holder.attached_policies
    policies = [policy for id in attached if isinstance(policy := ground.assets.get(id), IamPolicy)]
    allowing = [one for one in policies if "document" not in one.unread and without_actions(one.document, actions)]
    gone = {one.id for one in allowing if one.owner == AWS}
    inline = _without({} if "inline_policies" in holder.unread else holder.inline_policies, actions)
    facts: dict[str, Any] = {"inline_policies": inline} if inline is not None else {}
    if gone:
        facts["attached_policies"] = tuple(id for id in attached if id not in gone)
    if facts:
        yield Change(holder, replace(holder, **facts), f"{holder.name} loses {told}")
    for policy in allowing:
        if policy.owner != AWS:
            yield _rewritten(policy, actions, told)


def _rewritten(policy: IamPolicy, actions: Iterable[str], told: str) -> Change:
    document = without_actions(policy.document, actions)
    return Change(policy, replace(policy, document=document), f"policy {policy.name} allows no {told}")


def _without(documents: Mapping[str, Document], actions: Iterable[str]) -> dict[str, Document] | None:
    changed = {name: without_actions(document, actions) for name, document in documents.items()}
    if not any(changed.values()):
        return None
    return {name: changed[name] or document for name, document in documents.items()}


FIX = Fix(
    title="Take the permission away",
    rules=frozenset({"granted_permission", "escalation", "assumed_role"}),
    propose=propose,
    effort=2.0,
    texts=Texts(
        console="IAM > {name} > Permissions: edit the policy and remove the action, or detach the policy.",
        cli="aws iam list-attached-role-policies --role-name {name}\naws iam list-role-policies --role-name {name}",
        terraform='data "aws_iam_policy_document" "this" {\n  # remove the action from the statement\n}\n',
        impact="Whatever the principal did with the permission stops working: see who loses what.",
    ),
)
