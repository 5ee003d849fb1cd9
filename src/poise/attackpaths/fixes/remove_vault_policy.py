"""Take an access policy out of a key vault."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.azure.keyvault import KeyVault
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the vault without the policies of the principal that takes the step."""
    object_id = step.source.node.rpartition("/")[2].lower()
    for vault in ground.of(step, KeyVault):
        if isinstance(vault, KeyVault) and "access_policies" not in vault.unread:
            left = tuple(one for one in vault.access_policies if one.object_id.lower() != object_id)
            if left != vault.access_policies:
                says = f"{vault.name} has no access policy for {ground.facts.name(step.source.node)}"
                yield Change(vault, replace(vault, access_policies=left), says)


FIX = Fix(
    title="Remove the access policy of the vault",
    rules=frozenset({"granted_permission"}),
    propose=propose,
    effort=2.0,
    texts=Texts(
        console="Key vaults > {name} > Access policies: delete the policy.",
        cli="az keyvault delete-policy --name {name} --object-id OBJECT",
        terraform="# remove the access_policy block of the principal\n",
        impact="The principal cannot read the vault any more.",
    ),
)
