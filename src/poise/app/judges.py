"""The judge of permissions for each cloud.

A judge loads what decides when it is asked for, and keeps it: make one for each request.
"""

from __future__ import annotations

from poise.app.judge import Judge
from poise.app.judge_aws import AwsJudge
from poise.app.judge_azure import AzureJudge
from poise.app.workspace import Workspace
from poise.model.errors import UsageError


def judge_of(workspace: Workspace, provider: str) -> Judge:
    """Return the judge of a cloud. Raises :class:`UsageError` where there is none."""
    if provider == "aws":
        return AwsJudge(workspace)
    if provider == "azure":
        return AzureJudge(workspace)
    raise UsageError(f"Permissions are not judged for {provider} assets.", "They are for AWS and Azure.")
