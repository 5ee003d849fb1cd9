"""Take the ownership of an application, program or group away from who takes it over."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.azure.entra import EntraGroup
from poise.model.azure.entra_applications import EntraApplication, EntraServicePrincipal
from poise.model.check import Fix as Texts

OWNED = (EntraApplication, EntraServicePrincipal, EntraGroup)


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield each thing that the step's source owns, without that owner."""
    for owned in ground.of(step, *OWNED):
        if isinstance(owned, OWNED) and "owners" not in owned.unread and step.source.node in owned.owners:
            left = tuple(one for one in owned.owners if one != step.source.node)
            says = f"{ground.facts.name(step.source.node)} owns {owned.name} no more"
            yield Change(owned, replace(owned, owners=left), says)


FIX = Fix(
    title="Remove the owner",
    rules=frozenset({"escalation"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="Entra admin center > App registrations or Groups > {name} > Owners: remove the owner.",
        cli="az ad app owner remove --id {id} --owner-object-id OWNER\naz ad group owner remove --group {id} "
        "--owner-object-id OWNER",
        terraform="# remove the object id from `owners` of the azuread_application or azuread_group\n",
        impact="Who was owner can change it no more; somebody who administers the directory still can.",
    ),
)
