"""Take the role from a machine, or give it one that may do less."""

from __future__ import annotations

from collections.abc import Iterator

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.ec2 import Ec2Instance
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the machine without a profile."""
    machine = ground.assets.get(step.source.node)
    if isinstance(machine, Ec2Instance) and "profile" not in machine.unread and machine.profile is not None:
        yield Change(machine, replace(machine, profile=None), f"{machine.name} has no role")


FIX = Fix(
    title="Take the role from the machine",
    rules=frozenset({"identity_of_workload", "forged_request"}),
    propose=propose,
    effort=3.0,
    texts=Texts(
        console="EC2 > Instances > {name} > Actions > Security > Modify IAM role.",
        cli="aws ec2 describe-iam-instance-profile-associations --region {region}\n"
        "aws ec2 disassociate-iam-instance-profile --region {region} --association-id ASSOCIATION",
        terraform='resource "aws_instance" "this" {\n  iam_instance_profile = null\n}\n',
        impact="Software on the machine loses its access; give it a role with what it needs.",
    ),
)
