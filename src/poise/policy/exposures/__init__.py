"""How far an asset of any kind is open, as one computed fact with the rules that decide.

:func:`channels` gives every way by which somebody outside may reach an asset, :func:`exposure_of` what they come to.
Every kind of asset is in one of three tables: judged by its policy or by being shared (`BY_POLICY`), judged by the
network (`ON_NETWORK`), or not exposed by itself, with the reason (`NOT_EXPOSED`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from poise.model.asset import Asset
from poise.model.inventory import Inventory
from poise.policy.answer import Exposure, Level, Reason
from poise.policy.exposures import aws, azure
from poise.policy.exposures.channels import Channel, Judge, is_read

BY_POLICY: Mapping[type[Asset], Judge] = {**aws.BY_POLICY, **azure.BY_POLICY}
"""Kind -> the ways by its policies, and by being shared."""
ON_NETWORK: Mapping[type[Asset], Judge] = {**aws.ON_NETWORK, **azure.ON_NETWORK}
"""Kind -> the way over the network."""
NOT_EXPOSED: Mapping[type[Asset], str] = {**aws.NOT_EXPOSED, **azure.NOT_EXPOSED}
"""Kind -> why nobody outside reaches it by itself."""
WORST_FIRST = (Level.PUBLIC, Level.UNKNOWN, Level.RESTRICTED, Level.PRIVATE)


def is_exposable(kind: type[Asset]) -> bool:
    """Say whether exposure means something for a kind of asset."""
    return kind in BY_POLICY or kind in ON_NETWORK


def channels(asset: Asset, inventory: Inventory, *, with_network: bool = True) -> tuple[Channel, ...]:
    """Return every way by which somebody outside may reach an asset; a way that was not read is unknown."""
    tables = (BY_POLICY, ON_NETWORK) if with_network else (BY_POLICY,)
    return tuple(channel for table in tables for channel in _asked(table, asset, inventory))


def exposure_of(asset: Asset, inventory: Inventory) -> Exposure | None:
    """Return how far an asset is open: as far as its widest way. None for a kind that is not exposed by itself."""
    if not is_exposable(type(asset)):
        return None
    found = [channel.exposure for channel in channels(asset, inventory)]
    if not found:
        return Exposure(Level.PRIVATE, (Reason("there is no way to it"),))
    level = min((one.level for one in found), key=WORST_FIRST.index)
    same = [one for one in found if one.level is level]
    return msgspec.structs.replace(
        same[0],
        because=tuple(dict.fromkeys(reason for one in same for reason in one.because)),
        grants=tuple(grant for one in found for grant in one.grants),
    )


def _asked(table: Mapping[type[Asset], Judge], asset: Asset, inventory: Inventory) -> Iterator[Channel]:
    judge = table.get(type(asset))
    if judge is not None:
        yield from is_read(judge, asset, inventory)
