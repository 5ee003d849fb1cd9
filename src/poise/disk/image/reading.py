"""The records of a container image, by the same readers as a disk's."""

from __future__ import annotations

import msgspec

from poise.disk.facts.limits import Limits
from poise.disk.facts.machine import Identity, MachineFacts, read_machine
from poise.disk.image.sources import Image
from poise.model.asset import replace
from poise.model.host.secrets import SecretOnDisk, Secrets
from poise.secrets.scan import scan_text, scan_variables

CONFIGURATION = "image configuration"
READ_BY_ALL = 0o444


def read_image(
    image: Image, about: Identity, *, secret_key: bytes | None = None, limits: Limits | None = None
) -> MachineFacts:
    """Read everything about an image; secrets of its environment and building commands are among them."""
    found = read_machine(image.tree, about, secret_key=secret_key, limits=limits)
    if found.secrets is None or secret_key is None:
        return found
    return msgspec.structs.replace(found, secrets=_with_configuration(found.secrets, image, secret_key))


def _with_configuration(secrets: Secrets, image: Image, key: bytes) -> Secrets:
    variables = dict(text.split("=", 1) for text in image.environment if "=" in text)
    hits = [(hit, f"variable {hit.place}") for hit in scan_variables(variables, key).hits]
    for number, command in enumerate(image.history, 1):
        hits += [(hit, f"step {number}") for hit in scan_text(command, key).hits]
    added = [
        SecretOnDisk(
            rule=hit.rule,
            path=CONFIGURATION,
            place=place,
            fingerprint=hit.fingerprint,
            last_four=hit.last_four,
            mode=READ_BY_ALL,
            uid=0,
        )
        for hit, place in hits
    ]
    return replace(secrets, found=(*secrets.found, *added))
