"""The one spelling of Azure Resource Manager ids.

ARM compares ids without case and its providers spell them as they like: the same disk is in `resourceGroups/Shop`
in one answer and in `resourcegroups/SHOP` in the next. So that ids can be joined by equality, a record holds
every id, its own and those it refers to, in **lower case, without doubled or trailing slashes**. The spelling
that people know is in `name`, and the raw answer keeps ARM's own.
"""

from __future__ import annotations

import re

SLASHES = re.compile(r"/{2,}")


def arm_id(text: object) -> str:
    """Return an ARM id in its one spelling; raises ``ValueError`` for what is no ARM id."""
    if not isinstance(text, str) or not text.startswith("/"):
        raise ValueError(f"{text!r} is not an ARM id; expected /subscriptions/... or /providers/...")
    return SLASHES.sub("/", text).rstrip("/").lower() or "/"


def optional_id(text: object) -> str | None:
    """Return an ARM id in its one spelling, or None where there is none."""
    return None if text in (None, "") else arm_id(text)


def subscription_id(id: str) -> str | None:
    """Return the subscription that an id in its one spelling lies in; None above subscriptions."""
    parts = id.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else None


def resource_group(id: str) -> str | None:
    """Return the resource group, in lower case, that an id in its one spelling lies in; None if in none."""
    parts = id.split("/")
    return parts[4] if len(parts) > 4 and parts[3] == "resourcegroups" else None


def parent(id: str) -> str:
    """Return the id of the asset that a child's id lies in: the virtual network of a subnet."""
    return id.rsplit("/", 2)[0]
