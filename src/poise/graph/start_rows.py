"""Taking over a machine by what it runs when it starts: whoever starts it must open the keys of its disks.

Source: EBS User Guide, "Amazon EBS encryption: Permissions for users" and "How EBS encryption works": EC2 asks KMS for
a grant in the name of whoever starts a machine with encrypted disks.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from poise.graph.estate import Estate, read
from poise.graph.keys import KeysOf
from poise.graph.rows import Bound, Way, on
from poise.graph.sides import Actor, asking_of
from poise.model.aws.ec2 import EbsVolume, Ec2Instance
from poise.model.graph import Capability
from poise.policy.answer import Answer, Decision, Unread
from poise.policy.aws.data_keys import GRANT, KeyUse, key_answer, key_of
from poise.policy.aws.escalation import Escalation
from poise.policy.outcome import all_answers, not_read

STARTING = KeyUse("key", (GRANT,), "ec2")


def restarted(capability: Capability) -> Bound:
    """Bind a row that starts machines to those of the account."""
    every = on(Ec2Instance, capability)

    def bound(estate: Estate, actor: Actor, row: Escalation) -> Iterator[Way]:
        for way in every(estate, actor, row):
            if way.answer.decision is Decision.DENY:
                continue
            answers = list(_disks(estate, actor, way.target))
            yield msgspec.structs.replace(way, key=all_answers(answers)) if answers else way

    return bound


def _disks(estate: Estate, actor: Actor, machine: str) -> Iterator[Answer]:
    """Yield whether each encrypted disk of a machine opens when the actor starts it."""
    found = estate.get(machine)
    if found is None or "volumes" in found.unread:
        reason = "the machine is not in the inventory" if found is None else found.unread["volumes"]
        yield not_read(Unread("disks of the machine", reason))
        return
    keys = KeysOf(asking_of(estate), actor)
    for attached in read(found, "volumes") or ():
        disk = estate.get(attached.volume)
        if not isinstance(disk, EbsVolume):
            yield not_read(Unread(f"disk {attached.volume}", "it is not in the inventory"))
            continue
        key = key_of(disk, STARTING, keys)
        if key is not None:
            yield key_answer(key, STARTING, disk, actor.side.caller, keys)
