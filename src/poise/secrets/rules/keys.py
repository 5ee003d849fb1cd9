"""Private keys.

A key that a passphrase protects is not reported: the file alone opens nothing.
"""

import re

from poise.secrets.proof import is_no_stand_in, is_open_private_key
from poise.secrets.rule import Place, Rule

RULES = (
    Rule(
        name="ssh_private_key",
        title="SSH private key",
        keywords=(b"private key-----",),
        pattern=re.compile(
            rb"(-----BEGIN OPENSSH PRIVATE KEY-----(?:\\n|\\r|\s){1,4}[A-Za-z0-9+/=\\\s]{100,6000}-----END)"
        ),
        accept=is_open_private_key,
        before=32,
        after=6200,
    ),
    Rule(
        name="private_key",
        title="Private key",
        keywords=(b"private key-----",),
        pattern=re.compile(
            rb"(-----BEGIN (?:(?:RSA|EC|DSA) )?PRIVATE KEY-----(?:\\n|\\r|\s){1,4}[A-Za-z0-9+/=\\\s]{60,12000}-----END)"
        ),
        accept=is_open_private_key,
        before=32,
        after=12_200,
    ),
    Rule(
        name="aspnet_machine_key",
        title="ASP.NET machine key",
        keywords=(b"<machinekey",),
        place=Place.BY_LONG_RUN,
        pattern=re.compile(rb"<machineKey[^>]{0,400}?(?:validation|decryption)Key=\"([0-9A-F]{32,128})", re.IGNORECASE),
        accept=is_no_stand_in,
        after=600,
    ),
)
