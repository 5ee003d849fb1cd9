"""Reads a plan (`terraform show -json PLAN`): which records would change, and what of it cannot be told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from poise.collect.terraform import aws_iam, aws_machines, aws_network, aws_storage, azure
from poise.collect.terraform.draft import Draft
from poise.collect.terraform.resource import Resource
from poise.model.asset import Asset
from poise.model.errors import BadInput, NotCollected

PLAN_KEYS = frozenset({"planned_values", "resource_changes"})
Handler = Callable[[Resource, Draft], str | None]
"""Carries a change out on the draft; may return what of it is not told."""
HANDLERS: Mapping[str, Handler] = {
    **aws_network.HANDLERS,
    **aws_storage.HANDLERS,
    **aws_iam.HANDLERS,
    **aws_machines.HANDLERS,
    **azure.HANDLERS,
}
FIRST = ("aws_security_group", "aws_s3_bucket", "aws_iam_policy", "aws_iam_role", "aws_iam_user", "aws_iam_group")
"""Resources that others are parts of: they are read before them."""


class Skipped(msgspec.Struct, frozen=True):
    """A change of the plan that is not simulated."""

    address: str
    type: str
    why: str


class Plan(msgspec.Struct, frozen=True):
    """What a plan would do to records."""

    changed: Mapping[str, Asset | None]
    """Id -> the record as it would be; None where it is removed."""
    skipped: tuple[Skipped, ...]
    """What is not simulated, in the order of the plan."""


def is_plan(value: Any) -> bool:
    """Say whether a document has the form of a plan."""
    return isinstance(value, Mapping) and bool(PLAN_KEYS & value.keys())


def read_plan(value: Any, stored: Mapping[str, Asset]) -> Plan:
    """Return what a plan would do to stored records. Raises :class:`BadInput` for what is no plan."""
    if not is_plan(value):
        raise BadInput("This is no Terraform plan: `terraform show -json PLAN` writes one.")
    draft = Draft(stored)
    skipped = []
    for resource in sorted(_resources(value), key=lambda one: one.type not in FIRST):
        why = _simulate(resource, draft)
        if why:
            skipped.append(Skipped(resource.address, resource.type, why))
    return Plan(draft.changed, tuple(skipped))


def _simulate(resource: Resource, draft: Draft) -> str:
    """Carry a change out on the draft; return why that cannot be, or nothing."""
    handler = HANDLERS.get(resource.type)
    if handler is None:
        return "resources of this type are not simulated"
    before = dict(draft.changed)
    try:
        return handler(resource, draft) or ""
    except (NotCollected, ValueError) as problem:
        draft.changed = before
        return str(problem)


def _resources(value: Mapping[str, Any]) -> Iterator[Resource]:
    rows = value.get("resource_changes")
    if rows is None and _mapping(value.get("planned_values")).get("root_module"):
        raise BadInput("The plan names resources but no resource_changes: write it with `terraform show -json PLAN`.")
    if not isinstance(rows or [], list):
        raise BadInput("The plan's resource_changes are no list.")
    for number, row in enumerate(rows or [], 1):
        if not isinstance(row, Mapping) or not isinstance(row.get("change"), Mapping):
            raise BadInput(f"Change {number} of the plan is none.")
        resource = _resource(row)
        if row.get("mode") != "data" and resource.changes:
            yield resource


def _resource(row: Mapping[str, Any]) -> Resource:
    change = row["change"]
    return Resource(
        address=str(row.get("address")),
        type=str(row.get("type")),
        actions=tuple(map(str, change.get("actions") or ())),
        before=_mapping(change.get("before")),
        after=_mapping(change.get("after")),
        unknown=_mapping(change.get("after_unknown")),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
