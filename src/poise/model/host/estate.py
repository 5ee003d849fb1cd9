"""The scope of machines that no cloud holds."""

from poise.model.asset import Asset, Part, asset_kind


class NotScanned(Part, frozen=True, kw_only=True):
    """A machine that was asked for and not scanned."""

    machine: str
    """Its id or name."""
    reason: str
    """Why."""


@asset_kind("Hosts", "host")
class Hosts(Asset):
    """A list of machines that were to be scanned, the scope of their assets; its id is `host://` and its name."""

    machines: tuple[str, ...]
    """Ids of the machines on the list."""
    not_scanned: tuple[NotScanned, ...]
    """Those that gave no facts, with the reason."""
