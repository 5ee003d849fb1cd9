"""How far an asset of any kind is reached from outside, asked of `policy/`: the exposure that risk levels count.

Wide is: by anyone. Narrow is: by somebody outside of the account, or by some addresses of the internet. A kind that is
not reached by itself, such as a group or a policy, has no exposure.
"""

from __future__ import annotations

from poise.model.asset import Asset
from poise.model.inventory import Inventory
from poise.policy import exposures
from poise.policy.answer import Level
from poise.score.risk import Reached, Width

WIDTHS = {
    Level.PUBLIC: Width.WIDE,
    Level.RESTRICTED: Width.NARROW,
    Level.PRIVATE: Width.NONE,
    Level.UNKNOWN: Width.UNKNOWN,
}
MOST_REASONS = 2
"""Reasons that a sentence takes up."""
WORDS = {
    Level.PUBLIC: "anyone reaches it",
    Level.RESTRICTED: "somebody outside reaches it",
    Level.PRIVATE: "nobody outside reaches it",
}


def exposure_of(asset: Asset, inventory: Inventory) -> Reached | None:
    """Return how far an asset is reached; None for a kind that is not reached by itself."""
    found = exposures.exposure_of(asset, inventory)
    if found is None:
        return None
    text = "; ".join(reason.text for reason in found.because[:MOST_REASONS])
    if found.level is Level.UNKNOWN:
        return Reached(Width.UNKNOWN, f"unknown: {text or 'it cannot be judged'}")
    return Reached(WIDTHS[found.level], text or WORDS[found.level])
