"""Escalations in Google Cloud, from a catalogue of data."""

from __future__ import annotations

from poise.policy.answer import Answer
from poise.policy.catalogue import Escalation, Found, escalations, read_catalogue
from poise.policy.gcp.permissions import Inputs, Request, evaluate
from poise.policy.gcp.principals import Principal

FOLDER = "poise.policy.gcp.escalations"


def catalogue() -> tuple[Escalation, ...]:
    """Return all rows, by id."""
    return read_catalogue(FOLDER)


def escalations_for(principal: Principal | str, inputs: Inputs) -> tuple[Found, ...]:
    """Return the escalations of a principal on the first node of the inputs.

    Binding a row to a service account, machine or bucket is up to the graph: ask with its node first.
    """
    who = Principal(member=principal) if isinstance(principal, str) else principal

    def may(permission: str) -> Answer:
        return evaluate(Request(principal=who, permission=permission), inputs)

    return tuple(escalations(may, catalogue()))
