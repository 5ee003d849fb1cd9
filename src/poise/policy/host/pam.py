"""What PAM stacks ask of someone who signs in or changes a password."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from poise.model.host.accounts import PamRule
from poise.model.host.machine import Machine

PASSWORD_STACKS = ("common-password", "system-auth", "password-auth", "passwd", "base-password")
"""Stacks that a password is changed through, on Debian, Red Hat, SUSE and Alpine."""
LOGIN_STACKS = ("common-auth", "system-auth", "password-auth", "base-auth", "sshd", "login")
"""Stacks that a sign-in goes through."""


def rules(machine: Machine, module: str, type: str) -> Iterator[PamRule]:
    """Yield the lines of a module in any stack, for one type: `auth`, `account`, `password` or `session`."""
    return (rule for rule in machine.pam if rule.module == module and rule.type.lstrip("-") == type)


def argument(rule: PamRule, name: str) -> str | None:
    """Return the value of an argument; `true` for a switch, None if it is not there."""
    for word in rule.arguments:
        key, equals, value = word.partition("=")
        if key == name:
            return value if equals else "true"
    return None


def setting(machine: Machine, module: str, name: str, file: Mapping[str, str]) -> str | None:
    """Return a setting of a module: an argument of a password or auth line wins over its configuration file."""
    for type in ("password", "auth"):
        for rule in rules(machine, module, type):
            stated = argument(rule, name)
            if stated is not None:
                return stated
    return file.get(name)


def number(text: str | None) -> int | None:
    """Return a setting as a whole number, or None if it is none."""
    digits = text.removeprefix("-") if text else ""
    return int(text) if text and digits.isdecimal() else None
