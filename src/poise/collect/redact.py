"""Takes secret-bearing fields out of raw answers before anything is kept."""

from __future__ import annotations

from collections.abc import Mapping

from poise.model.asset import Json

SECRET_KEYS = frozenset({
    "Variables", "UserData", "environment", "Environment", "environmentVariables", "customData", "userData",
    "MasterUserPassword", "SecretString", "SecretBinary", "administratorLoginPassword", "adminPassword",
    "Parameters", "OutputValue", "connectionString", "primaryKey", "secondaryKey",
    "settings", "protectedSettings", "storageAccountAccessKey", "additionalUnattendContent",
})  # fmt: skip
"""Keys whose values may bear secrets, whatever the answer they stand in."""


def redacted(raw: Mapping[str, Json]) -> dict[str, Json]:
    """Return the answers with every value under a secret-bearing key replaced by its size."""
    return {call: _without_secrets(answer) for call, answer in raw.items()}


def _without_secrets(value: Json) -> Json:
    if isinstance(value, Mapping):
        return {k: _hidden(v) if k in SECRET_KEYS else _without_secrets(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets(v) for v in value]
    return value


def _hidden(value: Json) -> Json:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, Mapping):
        return {key: _hidden(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(inner) for inner in value]
    return f"<hidden: {len(str(value))} characters>"
