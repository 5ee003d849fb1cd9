"""Share a snapshot or image with nobody."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import Asset, replace
from poise.model.aws.ec2 import EbsSnapshot, MachineImage
from poise.model.aws.rds import RdsClusterSnapshot, RdsSnapshot
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the snapshot without anyone on its list."""
    for shared in ground.of(step, EbsSnapshot, MachineImage, RdsSnapshot, RdsClusterSnapshot):
        if shared.id == step.target.node:
            yield Change(shared, _private(shared), f"{shared.name} is shared with nobody")


def _private(shared: Asset) -> Asset:
    if isinstance(shared, RdsSnapshot | RdsClusterSnapshot):
        return replace(shared, restorable_by=())
    if isinstance(shared, MachineImage):
        nobody: tuple[str, ...] = ()
        return replace(
            shared,
            public=False,
            shared_with_groups=nobody,
            shared_with_accounts=nobody,
            shared_with_organizations=nobody,
        )
    return replace(shared, shared_with_groups=(), shared_with_accounts=())


FIX = Fix(
    title="Stop sharing the snapshot",
    rules=frozenset({"public_copy"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="EC2 > Snapshots > {name} > Modify permissions: private.",
        cli="aws ec2 modify-snapshot-attribute --region {region} --snapshot-id {name} "
        "--attribute createVolumePermission --operation-type remove --group-names all",
        terraform="# remove the aws_snapshot_create_volume_permission of the snapshot\n",
        impact="Accounts that restore from the snapshot cannot any more.",
    ),
    residual="Whoever copied it before keeps the copy: rotate every secret that was found in it.",
)
