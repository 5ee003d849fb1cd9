"""What a kubelet does: its command line wins over its file, and each has defaults of its own.

Sources: https://kubernetes.io/docs/reference/command-line-tools-reference/kubelet/ (defaults of options) and
https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/ (defaults of the file).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from poise.model.host.machine import Machine


class Knob(NamedTuple):
    """A setting of the kubelet under both of its names."""

    option: str
    """On the command line, without `--`."""
    field: str
    """In the file."""
    without_file: str
    """Value where neither states it and the kubelet reads no file."""
    with_file: str
    """Value where neither states it and the kubelet reads a file."""


ANONYMOUS = Knob("anonymous-auth", "authentication.anonymous.enabled", "true", "false")
AUTHORIZATION = Knob("authorization-mode", "authorization.mode", "AlwaysAllow", "Webhook")
READ_ONLY_PORT = Knob("read-only-port", "readOnlyPort", "10255", "0")


def settings(machine: Machine) -> Mapping[str, str] | None:
    """Return the kubelet's settings, or None if there is no kubelet."""
    return next((engine.settings for engine in machine.engines if engine.program == "kubelet"), None)


def value(found: Mapping[str, str], knob: Knob) -> str:
    """Return the value in force."""
    if knob.option in found:
        return found[knob.option]
    reads_file = "config" in found or "kind" in found or any("." in name for name in found)
    return found.get(knob.field) or (knob.with_file if reads_file else knob.without_file)
