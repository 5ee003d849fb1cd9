"""What is kept of a text that may bear secrets: never the text."""

from poise.model.asset import Part


class SecretHit(Part, frozen=True, kw_only=True):
    """One secret that was seen in a text."""

    rule: str
    """Which kind of secret, e.g. `aws_secret_access_key`."""
    place: str
    """Where: a line number, or the name of a variable."""
    fingerprint: str
    """First 12 hex digits of the HMAC of the secret under the store's key: equal secrets can be joined."""
    last_four: str
    """Its last four characters, for the person who must find it; empty for a short one."""


class ScannedText(Part, frozen=True, kw_only=True):
    """A text that was read, scanned in memory and thrown away."""

    length: int
    """Characters."""
    digest: str
    """HMAC-SHA-256 under the store's key, hex: tells whether it changed."""
    hits: tuple[SecretHit, ...]
    """Secrets that were seen."""
    unscanned: int = 0
    """Bytes beyond the size limit that were not looked at."""
