"""Escalations in Azure and its directory, from a catalogue of data.

A permission is an action of the management plane, or has a mark in front: `data:` for the data plane, `directory:`
for a directory role's action, `app:` for a permission granted to an application.
"""

from __future__ import annotations

from poise.policy.answer import Answer, Decision, Reason
from poise.policy.azure.directory import DirectoryInputs, Target, can_in_directory, holds_app_role
from poise.policy.azure.permissions import Inputs, Request, evaluate
from poise.policy.catalogue import Escalation, Found, escalations, read_catalogue

FOLDER = "poise.policy.azure.escalations"
DATA, DIRECTORY, APPLICATION = "data:", "directory:", "app:"
NOT_ASKED = Answer(Decision.DENY, (Reason("the directory is not asked about"),))


def catalogue() -> tuple[Escalation, ...]:
    """Return all rows, by id."""
    return read_catalogue(FOLDER)


def escalations_for(
    principal: str, scope: str, inputs: Inputs, directory: DirectoryInputs | None = None
) -> tuple[Found, ...]:
    """Return the escalations of a principal at a scope and, if asked with its inputs, in the directory.

    Directory rows are asked on the tenant as a whole: binding a row to an application, group or user is up to the
    graph, which asks `can_in_directory` with its target.
    """

    def may(permission: str) -> Answer:
        if permission.startswith((DIRECTORY, APPLICATION)):
            return NOT_ASKED if directory is None else _in_directory(principal, permission, directory)
        is_data = permission.startswith(DATA)
        action = permission.removeprefix(DATA)
        return evaluate(Request(principal=principal, action=action, scope=scope, is_data=is_data), inputs)

    return tuple(escalations(may, catalogue()))


def _in_directory(principal: str, permission: str, directory: DirectoryInputs) -> Answer:
    if permission.startswith(APPLICATION):
        return holds_app_role(principal, permission.removeprefix(APPLICATION), directory)
    return can_in_directory(principal, permission.removeprefix(DIRECTORY), Target(), directory)
