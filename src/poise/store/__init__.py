"""Keeps inventories, verdicts and history in SQLite or PostgreSQL. Only `poise.app` opens it.

::

    with Store.open(default_path(), scoring, clock) as store:
        store.effects.catch_up()                              # first: what ended while nobody looked
        scan = store.scans.begin("aws", "scan aws", scopes, keys)
        for key in keys:
            fence = store.partitions.claim(scan, key)         # takes over from a killed process
            stored = store.verdicts.partition_keys(key)       # asset id -> StoredKey, to skip unchanged ones
            store.partitions.write(scan, collected, fence, judged)
        for scope in scopes:                                  # second phase: checks that ask neighbours
            one = ScopePass(source="aws", scope=scope.id, scan=scan)
            stored, inventory = store.verdicts.keys(one), store.inventory("aws")
            store.verdicts.write(one, judged)
        store.scans.finish(scan)
        store.scores.snapshot(days)                           # store.scores.scopes(viewer): the counts

Lists take the viewer's scopes first (None: all) and give typed rows of `poise.model.listings`:
``store.findings.page|count|all|get|facet|recommendations``, ``store.assets.page|count|all|get|facet``,
``store.all_verdicts`` (healthy ones too), ``store.scans.page|get|coverage|scopes``,
``store.scores.scopes|history``, ``store.history.verdicts_at|findings_at``, ``store.audit.page``.

For judging: ``store.assets.load``, ``store.inventory``, ``store.scans.listing_problems``.
Compliance: ``store.findings.counts``, ``store.attestations.add|withdraw|holding``. ``store.secret_key()`` is for HMACs.
Exemptions: ``store.exemptions.present|change|apply|covered``; single effects: ``store.effects.set|disable|enable``.
Moments: ``store.moments.between`` puts two moments side by side. Settings that are kept: ``store.kept.get|put``.
Care: ``upgrade(url)``, ``store.backup|gc|forget|purge|retire|recount``.
"""

from poise.store.audit import Deed
from poise.store.database import default_path
from poise.store.exemptions import Change
from poise.store.history import FindingThen
from poise.store.inventory import StoreInventory
from poise.store.scoring import finding_id
from poise.store.store import Store, upgrade
from poise.store.upkeep import KEPT_DAYS
from poise.store.writing import PartitionResult

__all__ = [
    "KEPT_DAYS",
    "Change",
    "Deed",
    "FindingThen",
    "PartitionResult",
    "Store",
    "StoreInventory",
    "default_path",
    "finding_id",
    "upgrade",
]
