"""The secrets that lie on a machine: never themselves."""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.host.gaps import Gap


class SecretOnDisk(Part, frozen=True, kw_only=True):
    """A secret in a file."""

    rule: str
    """Which kind of secret, e.g. `aws_secret_access_key`."""
    path: str
    """File."""
    place: str
    """Where in it: a line."""
    fingerprint: str
    """First 12 hex digits of its HMAC under the store's key: equal secrets can be joined."""
    last_four: str
    """Its last four characters; empty for a short one."""
    mode: int
    """Permission bits of the file."""
    uid: int
    """Owner of the file."""


@asset_kind("Secrets", "host")
class Secrets(Asset):
    """Secrets in the files of a machine; its id is the machine's with `#secrets` behind."""

    machine: str
    """Id of the machine or image."""
    found: tuple[SecretOnDisk, ...]
    """Secrets, by path."""
    files_scanned: int
    """Files that were looked into."""
    bytes_scanned: int
    """Their bytes."""
    gaps: tuple[Gap, ...]
    """What could not be read, or lies beyond a limit."""
