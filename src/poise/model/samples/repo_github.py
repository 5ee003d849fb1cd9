"""One ordinary owner and repository of GitHub, as they should be."""

from poise.model.repo.github import GithubOwner, GithubRepository, Workflow

OWNER = GithubOwner(
    id="repo://github.com/example", name="example", scope="github.com/example", region="global", tags={}, repositories=1
)
DEPLOY = Workflow(
    path=".github/workflows/deploy.yml",
    triggers=("push",),
    asks_for_tokens=True,
    runs_fork_code=False,
    environment="production",
    reviewers_required=True,
)
REPOSITORY = GithubRepository(
    id="repo://github.com/example/shop",
    name="shop",
    scope="github.com/example",
    region="global",
    tags={},
    visibility="private",
    default_branch="main",
    allows_forks=False,
    workflows=(DEPLOY,),
)
