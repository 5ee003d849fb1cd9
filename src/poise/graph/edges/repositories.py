"""Which pipelines of repositories strangers can run, and which roles their tokens open.

The subject of a token names the repository and, where the job names one, its environment, else the branch. Source:
GitHub docs, "OpenID Connect reference", example subject claims.
"""

from __future__ import annotations

from collections.abc import Iterator

from poise.graph.estate import Estate, read
from poise.graph.family import Family, Found, Told, Width
from poise.model.aws.iam import IamRole
from poise.model.graph import Edge, EdgeKind, Evidence
from poise.model.repo.github import GithubRepository, Workflow
from poise.policy import globs
from poise.policy.aws.conditions import Condition, Kind
from poise.policy.aws.document import Statement, parse

ISSUER = "token.actions.githubusercontent.com"
TARGET = "pull_request_target"


def find(estate: Estate) -> Found:
    """Yield what is told of repositories, and the roles that their pipelines open."""
    roles = [role for role in estate.of(IamRole) if ISSUER in str(read(role, "trust_policy"))]
    for repository in estate.of(GithubRepository):
        workflows = read(repository, "workflows")
        visibility = read(repository, "visibility")
        if visibility is not None:
            yield Told(repository.id, "public", visibility == "public")
        if workflows is None or visibility is None:
            continue
        risky = [one for one in workflows if _is_open(one, repository)]
        yield Told(repository.id, "runs_pull_requests_of_strangers", bool(risky))
        for workflow in risky:
            for role in roles:
                yield from _opened(repository, workflow, role)


def open_pipelines(estate: Estate) -> Iterator[tuple[GithubRepository, Workflow]]:
    """Yield the pipelines that run pull requests of strangers."""
    for repository in estate.of(GithubRepository):
        if read(repository, "visibility") is not None:
            yield from ((repository, one) for one in read(repository, "workflows") or () if _is_open(one, repository))


def _is_open(workflow: Workflow, repository: GithubRepository) -> bool:
    held_back = workflow.environment is not None and workflow.reviewers_required
    anyone = repository.visibility == "public" and "allows_forks" not in repository.unread and repository.allows_forks
    return anyone and TARGET in workflow.triggers and workflow.runs_fork_code and not held_back


def _opened(repository: GithubRepository, workflow: Workflow, role: IamRole) -> Iterator[Edge]:
    if not workflow.asks_for_tokens:
        return
    subject = subject_of(repository, workflow)
    for at, statement in enumerate(parse(role.trust_policy).statements):
        if statement.is_allow and _lets_in(statement, subject):
            says = f"statement {at + 1} takes tokens with the subject {subject}"
            yield Edge(
                source=repository.id,
                target=role.id,
                kind=EdgeKind.CAN_AUTHENTICATE_AS,
                evidence=(
                    Evidence(asset=repository.id, field="workflows", says=f"{TARGET} runs forks", place=workflow.path),
                    Evidence(asset=role.id, field="trust_policy", says=says, place=f"statement {at + 1}"),
                ),
            )


def subject_of(repository: GithubRepository, workflow: Workflow) -> str:
    """Return the subject that tokens of a workflow bear when a pull request to the default branch starts it."""
    name = repository.id.removeprefix("repo://github.com/")
    if workflow.environment is not None:
        return f"repo:{name}:environment:{workflow.environment}"
    return f"repo:{name}:ref:refs/heads/{repository.default_branch}"


def _lets_in(statement: Statement, subject: str) -> bool:
    asked = [one for one in statement.conditions if one.key == f"{ISSUER}:sub"]
    return all(_holds(one, subject) for one in asked)


def _holds(condition: Condition, subject: str) -> bool:
    kind = condition.operator.kind
    if kind is Kind.LIKE:
        met = any(globs.matches(value, subject) for value in condition.values)
    elif kind is Kind.TEXT_ANY_CASE:
        met = subject.lower() in {value.lower() for value in condition.values}
    else:
        met = subject in condition.values
    return met != condition.operator.is_negated


FAMILY = Family(Width.ESTATE, find)
