"""What things are: assets, checks, verdicts, findings. No input or output.

The names that a check file needs are here; records are in `poise.model.aws`, `poise.model.azure`.
"""

from poise.model.asset import Asset, Document, Part, asset_kind, replace
from poise.model.check import Category, Check, Example, Fix, Parameter, Status
from poise.model.errors import NotCollected
from poise.model.inventory import Inventory
from poise.model.verdict import Severity, State, Verdict, healthy, not_applicable, unhealthy, unknown

__all__ = [
    "Asset",
    "Category",
    "Check",
    "Document",
    "Example",
    "Fix",
    "Inventory",
    "NotCollected",
    "Parameter",
    "Part",
    "Severity",
    "State",
    "Status",
    "Verdict",
    "asset_kind",
    "healthy",
    "not_applicable",
    "replace",
    "unhealthy",
    "unknown",
]
