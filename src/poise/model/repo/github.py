"""Records of GitHub: owners, and repositories with the workflows that run in them."""

from poise.model.asset import Asset, Part, asset_kind


class Workflow(Part, frozen=True, kw_only=True):
    """A file of a pipeline."""

    path: str
    """File: `.github/workflows/deploy.yml`."""
    triggers: tuple[str, ...]
    """Events that start it: `push`, `pull_request`, `pull_request_target`."""
    asks_for_tokens: bool
    """Whether a job may ask for a token of the issuer (`id-token: write`)."""
    runs_fork_code: bool
    """Whether it checks out and runs the code of the pull request, rather than the repository's own."""
    environment: str | None
    """Environment of the job that asks for a token; None if it names none."""
    reviewers_required: bool
    """Whether somebody must approve before jobs of that environment run."""


@asset_kind("GitHub::Owner", "repo")
class GithubOwner(Asset):
    """An organization or user that owns repositories; it stands for its scope."""

    repositories: int
    """Repositories that were seen."""


@asset_kind("GitHub::Repository", "repo")
class GithubRepository(Asset):
    """A repository; its id is `repo://github.com/OWNER/NAME`."""

    visibility: str
    """`public`, `internal` or `private`."""
    default_branch: str
    """Branch that pull requests go to."""
    allows_forks: bool
    """Whether it may be forked."""
    workflows: tuple[Workflow, ...]
    """Its pipelines."""
