"""Switch off the sign-in of a program that another tenant runs."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.azure.entra_applications import EntraServicePrincipal
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the program that the step starts from, switched off; none where it is of this tenant."""
    program = ground.assets.get(step.source.node)
    if (
        isinstance(program, EntraServicePrincipal)
        and "enabled" not in program.unread
        and program.enabled is not False
        and ground.facts.insight(program.id, "foreign") is True
    ):
        yield Change(program, replace(program, enabled=False), f"{program.name} cannot sign in any more")


FIX = Fix(
    title="Switch off the application of another tenant",
    rules=frozenset({"administered_scope", "escalation", "granted_permission", "member_of_group"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="Entra admin center > Enterprise applications > {name} > Properties: no sign-in.",
        cli="az ad sp update --id {id} --set accountEnabled=false",
        terraform='resource "azuread_service_principal" "this" {\n  client_id       = "CLIENT_ID"\n'
        "  account_enabled = false\n}\n",
        impact="The application does nothing in this directory and its subscriptions any more; ask who uses it first.",
    ),
    residual="Tokens that it was given before stay valid for about an hour; look at what it did.",
)
