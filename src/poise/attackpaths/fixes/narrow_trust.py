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
from poise.policy.aws.trust import issuer_of

ISSUER, REPOSITORY = "issuer:", "repo://"
"""Beginnings of the ids of issuers of tokens, and of repositories: `repo://github.com/org/app`."""


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the role without the statements that trust the source of the step, its account or its issuer."""
    role = ground.assets.get(step.target.node)
    if isinstance(role, IamRole) and "trust_policy" not in role.unread:
        names = _names(ground, step.source.node)
        document = without_statements(
            role.trust_policy, lambda one: _trusts(one, names) or _takes_tokens(one, step.source.node)
        )
        if document is not None:
            told = "anyone" if step.source.node == EVERYONE else ground.facts.name(step.source.node)
            yield Change(role, replace(role, trust_policy=document), f"{role.name} does not trust {told}")


def _names(ground: Ground, node: str) -> tuple[str, ...]:
    """Return how a trust may name a node: itself, its account, or everyone."""
    scope = ground.facts.scope(node)
    account = node.split(":")[4] if node.count(":") > 4 else ""
    found = (node, ground.facts.name(node), scope, account, "*")
    return tuple(name for name in found if name)


def _trusts(statement: Mapping[str, Any], names: tuple[str, ...]) -> bool:
    stated = _stated(statement)
    return any(one == name or f":{name}:root" in one or one.endswith(f"/{name}") for one in stated for name in names)


def _takes_tokens(statement: Mapping[str, Any], node: str) -> bool:
    """Say whether a statement takes tokens of an issuer, which may have a path, or about a repository."""
    if node.startswith(ISSUER):
        issuers = (issuer_of(one) for one in _stated(statement))
        return any(f"{node}/".startswith(f"{ISSUER}{one}/") for one in issuers)
    path = node.removeprefix(REPOSITORY).partition("/")[2] if node.startswith(REPOSITORY) else ""
    return bool(path) and f":{path}:" in str(statement.get("Condition"))


def _stated(statement: Mapping[str, Any]) -> list[str]:
    principal = statement.get("Principal")
    groups = principal.values() if isinstance(principal, Mapping) else [principal]
    return [str(one) for group in groups for one in (group if isinstance(group, list | tuple) else [group])]


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
