"""How the cases ask: a check by its id over records, as the engine does."""

from poise.assess.engine import judge_example
from poise.checks import catalog
from poise.model import Example


def verdict(check, asset, *neighbours, unlisted=None):
    """Return state and reason that a check gives an asset among its neighbours."""
    example = Example("case", asset, "healthy", "", neighbours, unlisted or {})
    found = judge_example(catalog.load()[check], example)
    return found.state.value, found.reason


def state(check, asset, *neighbours, **more):
    """Return the state alone."""
    return verdict(check, asset, *neighbours, **more)[0]
