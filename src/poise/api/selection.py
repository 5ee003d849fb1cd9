"""From the parameters of a list to the filter that queries take."""

from __future__ import annotations

from poise.api.parameters import FindingParameters
from poise.api.reading import Workspace
from poise.model.listings import FindingFilter


def finding_filter(parameters: FindingParameters, workspace: Workspace) -> FindingFilter:
    """Make the filter; categories and standards become the checks that belong to them."""
    return parameters.filter(_checks(parameters, workspace))


def _checks(parameters: FindingParameters, workspace: Workspace) -> set[str] | None:
    chosen: set[str] | None = set(parameters.check) if parameters.check else None
    if parameters.category:
        wanted = {check.id for check in workspace.checks().values() if check.category in parameters.category}
        chosen = wanted if chosen is None else chosen & wanted
    if parameters.standard:
        named = {
            id
            for id, controls in workspace.controls().items()
            if any(control.standard in parameters.standard for control in controls)
        }
        chosen = named if chosen is None else chosen & named
    return chosen
