"""What secrets on a machine's disk open, and how a verdict tells of them without repeating them."""

from __future__ import annotations

from collections.abc import Sequence

from poise.model.host.gaps import Gap
from poise.model.host.secrets import SecretOnDisk, Secrets
from poise.model.verdict import Verdict, unknown

OF_CLOUDS = ("aws_", "azure_", "entra_", "google_", "storage_account_")
"""How the names of rules for credentials of clouds begin."""
MOST_SHOWN = 20
GAP = Gap(place="secrets", reason="more than 2147483648 bytes: not searched")
"""Of a machine that was looked into in part, for examples."""


def is_of_cloud(rule: str) -> bool:
    """Tell whether a kind of secret opens a cloud."""
    return rule.startswith(OF_CLOUDS)


def told(found: Sequence[SecretOnDisk]) -> str:
    """Name the first of some secrets by kind and file, and how many more there are."""
    more = f" and {len(found) - 1} more" if len(found) > 1 else ""
    return f"{found[0].rule} in {found[0].path}{more}"


def seen(found: Sequence[SecretOnDisk]) -> list[dict[str, str]]:
    """Return the evidence: kinds, places and last characters, never a secret."""
    return [{"rule": one.rule, "path": one.path, "last_four": one.last_four} for one in found[:MOST_SHOWN]]


def whole(record: Secrets) -> Verdict | None:
    """Return None if the whole disk was looked into; else say what was not, so that it is not free of secrets."""
    if not record.gaps:
        return None
    return unknown(f"not everything was looked into: {record.gaps[0].reason}", [gap.place for gap in record.gaps[:20]])


def sample(rule: str, path: str, mode: int = 0o600) -> SecretOnDisk:
    """Return a secret in a file of root, for examples."""
    return SecretOnDisk(rule=rule, path=path, place="line 1", fingerprint="0" * 12, last_four="", mode=mode, uid=0)
