"""Take a role assignment away, or give it at a smaller scope."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.azure.authorization import RoleAssignment
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the removal of each assignment that the permission comes from."""
    named = {one.asset for one in step.evidence}
    for assignment in ground.of(step, RoleAssignment):
        if isinstance(assignment, RoleAssignment) and assignment.id in named:
            says = f"role assignment {assignment.name} at {assignment.assigned_at} is gone"
            yield Change(assignment, None, says)


FIX = Fix(
    title="Remove the role assignment, or scope it to what is needed",
    rules=frozenset({"granted_permission", "escalation", "member_of_group"}),
    propose=propose,
    effort=2.0,
    texts=Texts(
        console="Access control (IAM) > Role assignments: remove it, and assign it at the assets that need it.",
        cli="az role assignment delete --ids {id}",
        terraform="# set the scope of the azurerm_role_assignment to what is needed\n",
        impact="The principal loses the role at this scope: see who loses what.",
    ),
)
