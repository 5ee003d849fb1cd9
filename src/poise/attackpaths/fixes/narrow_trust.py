"""Take out of a role's trust whoever should not become it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from poise.attackpaths.documents import without_statements
from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.iam import IamRole
from poise.model.check import Fix as Texts
from poise.model.graph import EVERYONE


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the role without the statements that trust the source of the step, its account or its issuer."""
    role = ground.assets.get(step.target.node)
    if isinstance(role, IamRole) and "trust_policy" not in role.unread:
        names = _names(ground, step.source.node)
        document = without_statements(role.trust_policy, lambda statement: _trusts(statement, names))
        if document is not None:
            told = "anyone" if step.source.node == EVERYONE else ground.facts.name(step.source.node)
            yield Change(role, replace(role, trust_policy=document), f"{role.name} does not trust {told}")


def _names(ground: Ground, node: str) -> tuple[str, ...]:
    """Return how a trust may name a node: itself, its account, its issuer, or everyone."""
    scope = ground.facts.scope(node)
    issuer = node.removeprefix("issuer:").partition("/")[0]
    account = node.split(":")[4] if node.count(":") > 4 else ""
    found = (node, ground.facts.name(node), scope, issuer, account, "*")
    return tuple(name for name in found if name)


def _trusts(statement: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    principal = statement.get("Principal")
    groups = principal.values() if isinstance(principal, Mapping) else [principal]
    stated = [str(one) for group in groups for one in (group if isinstance(group, list | tuple) else [group])]
    return any(one == name or f":{name}:root" in one or one.endswith(f"/{name}") for one in stated for name in names)


FIX = Fix(
    title="Narrow the trust of the role",
    rules=frozenset({"assumed_role", "token_of_issuer"}),
    propose=propose,
    effort=2.0,
    texts=Texts(
        console="IAM > Roles > {name} > Trust relationships > Edit: name only who needs it, with its conditions.",
        cli="aws iam update-assume-role-policy --role-name {name} --policy-document file://trust.json",
        terraform='resource "aws_iam_role" "this" {\n  assume_role_policy = file("trust.json")\n}\n',
        impact="Whoever the statement trusted cannot become the role any more; add back those who need it.",
    ),
)
