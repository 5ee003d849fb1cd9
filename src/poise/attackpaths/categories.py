"""What kinds of weakness a path is made of, so that people can look for the paths that are theirs to break."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum


class PathCategory(StrEnum):
    """One kind of weakness that steps make use of."""

    EXPOSURE = "exposure"
    VULNERABILITY = "vulnerability"
    SECRETS = "secrets"
    IDENTITY = "identity"
    SUPPLY_CHAIN = "supply chain"
    LATERAL = "lateral movement"
    DATA = "data sharing"


_RULES: Mapping[PathCategory, tuple[str, ...]] = {
    PathCategory.EXPOSURE: ("exposed_database", "exposed_function", "exposed_login", "exposed_to_packets"),
    PathCategory.VULNERABILITY: ("exploited_vulnerability", "forged_request", "container_escape"),
    PathCategory.SECRETS: ("secret_found", "secret_used"),
    PathCategory.IDENTITY: (
        *("administered_asset", "administered_scope", "assumed_role", "escalation", "granted_permission"),
        *("identity_of_workload", "member_of_group", "token_of_issuer"),
    ),
    PathCategory.SUPPLY_CHAIN: ("code_replaced", "image_replaced", "pipeline_deploys", "pull_request_run"),
    PathCategory.LATERAL: ("hosted_database", "inside_network"),
    PathCategory.DATA: ("public_copy", "replica_read"),
}
CATEGORIES: Mapping[str, PathCategory] = {rule: category for category, ids in _RULES.items() for rule in ids}
"""Rule -> what its steps make use of."""


OPEN_TO_ALL = frozenset({"anyone", "internet"})
"""Classes of entries that are exposures by themselves."""


def categories_of(entry: str, signs: Iterable[str]) -> tuple[PathCategory, ...]:
    """Return what a path makes use of, in order: the class of its entry, and its steps by their rules.

    A sign is a rule, maybe with a row after a colon.
    """
    begun = (PathCategory.EXPOSURE,) if entry in OPEN_TO_ALL else ()
    found = (CATEGORIES.get(sign.partition(":")[0]) for sign in signs)
    return tuple(dict.fromkeys((*begun, *(one for one in found if one is not None))))
