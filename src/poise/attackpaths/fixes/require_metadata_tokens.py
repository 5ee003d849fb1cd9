"""Make the metadata service of a machine ask for a session token, which forged requests cannot fetch."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.attackpaths.fix import Change, Fix, Ground
from poise.attackpaths.steps import Step
from poise.model.asset import replace
from poise.model.aws.ec2 import Ec2Instance
from poise.model.check import Fix as Texts


def propose(ground: Ground, step: Step) -> Iterator[Change]:
    """Yield the machine with tokens required."""
    for machine in ground.of(step, Ec2Instance):
        if isinstance(machine, Ec2Instance) and "metadata" not in machine.unread:
            options = msgspec.structs.replace(machine.metadata, http_tokens="required", hop_limit=1)
            if options != machine.metadata:
                says = f"{machine.name} requires session tokens for its metadata"
                yield Change(machine, replace(machine, metadata=options), says)


FIX = Fix(
    title="Require session tokens for the metadata service",
    rules=frozenset({"forged_request"}),
    propose=propose,
    effort=1.0,
    texts=Texts(
        console="EC2 > Instances > {name} > Actions > Modify instance metadata options: IMDSv2 required.",
        cli=(
            "aws ec2 modify-instance-metadata-options --region {region} --instance-id INSTANCE "
            "--http-tokens required --http-put-response-hop-limit 1"
        ),
        terraform=(
            'resource "aws_instance" "this" {\n  metadata_options {\n    http_tokens                 = "required"\n'
            "    http_put_response_hop_limit = 1\n  }\n}\n"
        ),
        impact="Software that still uses version 1 of the metadata service loses its credentials.",
    ),
    residual="Code that runs on the machine can still ask for a token: this stops forged requests, not intruders.",
)
