"""What the settings of a Cloud SQL instance mean, as `sqladmin` and Cloud Asset Inventory give them.

Sources: Cloud SQL Admin API, `IpConfiguration.sslMode` ("if sslMode is set, it takes precedence over requireSsl") and
`DatabaseInstance.instanceType`; Cloud SQL documentation, "About replication" (backups are those of the primary).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from poise.model.errors import NotCollected
from poise.policy.log_levels import is_at_least

Json = Mapping[str, Any]
REPLICA = "READ_REPLICA_INSTANCE"


class TlsDemand(enum.StrEnum):
    """What an instance asks of a connection."""

    NOTHING = "nothing"
    """Plain connections are let in."""
    ENCRYPTION = "encryption"
    """Only encrypted ones are."""
    CERTIFICATE = "certificate"
    """Only encrypted ones whose client shows a certificate that the instance trusts."""


_BY_MODE = {
    "ALLOW_UNENCRYPTED_AND_ENCRYPTED": TlsDemand.NOTHING,
    "ENCRYPTED_ONLY": TlsDemand.ENCRYPTION,
    "TRUSTED_CLIENT_CERTIFICATE_REQUIRED": TlsDemand.CERTIFICATE,
}


def tls_demand(instance: Json) -> TlsDemand:
    """Return what an instance asks of a connection. Raises NotCollected where the mode is not one that is known."""
    addresses = (instance.get("settings") or {}).get("ipConfiguration")
    if addresses is None:
        raise NotCollected("settings.ipConfiguration", "not in the answer")
    mode = addresses.get("sslMode")
    if mode and mode != "SSL_MODE_UNSPECIFIED":
        if mode not in _BY_MODE:
            raise NotCollected("settings.ipConfiguration.sslMode", f"{mode!r} is not a mode that is known")
        return _BY_MODE[mode]
    return TlsDemand.CERTIFICATE if addresses.get("requireSsl") else TlsDemand.NOTHING


def keeps_own_backups(instance: Json) -> bool | None:
    """Say whether automatic backups are on; None for a replica, whose primary keeps them."""
    if instance.get("instanceType") == REPLICA or instance.get("masterInstanceName"):
        return None
    backups = (instance.get("settings") or {}).get("backupConfiguration")
    if backups is None:
        raise NotCollected("settings.backupConfiguration", "not in the answer")
    return bool(backups.get("enabled"))


def flag(instance: Json, name: str) -> str | None:
    """Return the value of a database flag; None if nobody set it, so that the default of the engine holds."""
    flags = (instance.get("settings") or {}).get("databaseFlags") or ()
    return next((str(one.get("value")) for one in flags if one.get("name") == name), None)


def logs_from(instance: Json, name: str, bound: str, default: str) -> bool:
    """Say whether a flag of log levels is at a bound or quieter; ``default`` is what holds where nobody set it."""
    value = flag(instance, name)
    return is_at_least(default if value is None else value, bound)
