"""Keep a pipeline from running the code of strangers with its own rights."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.check import Fix as Texts
from poise.model.repo.github import GithubRepository


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the repository whose pipelines run no code of forks."""
    for repository in ground.of(step, GithubRepository):
        if isinstance(repository, GithubRepository) and "workflows" not in repository.unread:
            safe = tuple(msgspec.structs.replace(one, runs_fork_code=False) for one in repository.workflows)
            if safe != repository.workflows:
                says = f"pipelines of {repository.name} run no code of forks"
                yield Change(repository, replace(repository, workflows=safe), says)


FIX = Fix(
    title="Do not run the code of forks with the repository's rights",
    rules=frozenset({"pull_request_run"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="In the workflow replace pull_request_target by pull_request, or do not check out the fork.",
        cli="gh api repos/{name}/actions/permissions/workflow",
        terraform='resource "github_repository_environment" "prod" {\n  reviewers {\n    teams = []\n  }\n}\n',
        impact="Checks of pull requests from forks get no secrets and no token any more.",
    ),
    residual="Tokens that a run has already fetched stay valid for their hour.",
)
