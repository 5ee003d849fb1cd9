"""Azure's ordinary assets are good: examples change what they are about."""

import importlib
import pkgutil

from poise.assess.engine import Judge
from poise.checks import catalog
from poise.model import samples
from poise.model.asset import Asset
from poise.model.check import NOW
from poise.model.inventory import ListInventory
from poise.model.kinds import by_kind


def ordinary() -> list[Asset]:
    modules = (importlib.import_module(f"{samples.__name__}.{m.name}") for m in pkgutil.iter_modules(samples.__path__))
    found = (v for module in modules for v in vars(module).values() if isinstance(v, Asset) and v.PROVIDER == "azure")
    return list({asset.id: asset for asset in found}.values())


def test_there_is_an_ordinary_asset_of_every_kind():
    assert {type(asset) for asset in ordinary()} == {kind for kind in by_kind().values() if kind.PROVIDER == "azure"}


def test_no_check_is_unhealthy_on_an_ordinary_asset():
    assets = ordinary()
    judge = Judge(catalog.load().values(), NOW, inventory=ListInventory(assets))
    judged = [j for asset in assets for j in (judge.own(asset), judge.neighbours(asset)) if j is not None]

    bad = {(j.asset_id, id, v.reason) for j in judged for id, v in j.verdicts.items() if v.state == "unhealthy"}
    assert bad == set()
