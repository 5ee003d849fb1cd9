"""What PAM stacks ask of someone who signs in or changes a password."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import wraps
from typing import Any, TypeVar, cast

from poise.model.host.accounts import PamRule
from poise.model.host.machine import Machine
from poise.model.verdict import Verdict, not_applicable
from poise.policy.host.systems import on_own_kernel

PASSWORD_STACKS = ("passwd",)
"""Stacks that a password is changed through."""
LOGIN_STACKS = ("sshd", "login")
"""Stacks that a sign-in goes through."""
FAILLOCK = "pam_faillock.so"
COUNTERS = frozenset({FAILLOCK, "pam_tally2.so", "pam_tally.so"})
"""Modules that count failed tries; the others that are asked for settings test passwords."""
R = TypeVar("R", bound=Callable[..., Verdict])
"""A rule about a machine, with its parameters."""


def where_used(rule: R) -> R:
    """Make a rule answer `not applicable` for what has no PAM, and for container images, where nobody signs in."""

    @wraps(rule)
    def judged(machine: Machine, **parameters: Any) -> Verdict:
        return rule(machine, **parameters) if machine.pam else not_applicable("nothing signs in through PAM here")

    return on_own_kernel(cast("R", judged))


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


def settings(machine: Machine, module: str, name: str, file: Mapping[str, str]) -> list[str | None]:
    """Return a setting of a module, once for each line that uses it: its argument wins over the configuration file.

    None stands for the module's default; the list is empty if no line uses the module.
    """
    used = list(rules(machine, module, "auth" if module in COUNTERS else "password"))
    return [file.get(name) if argument(rule, name) is None else argument(rule, name) for rule in used]


def lacking(machine: Machine, modules: Collection[str], type: str, word: str = "") -> list[str]:
    """Return the stacks of sign-ins, or of new passwords, in which none of some modules is used with a word.

    Where the machine has no such stack, all stacks are looked at together, under the name `any stack`.
    """
    wanted = PASSWORD_STACKS if type == "password" else LOGIN_STACKS
    present = [name for name in wanted if any(r.service == name and r.type.lstrip("-") == type for r in machine.pam)]
    having = {
        rule.service
        for module in modules
        for rule in rules(machine, module, type)
        if not word or word in rule.arguments or module != FAILLOCK
    }
    if not present:
        return [] if having else ["any stack"]
    return [name for name in present if name not in having]


def number(text: str | None) -> int | None:
    """Return a setting as a whole number, or None if it is none."""
    digits = text.removeprefix("-") if text else ""
    return int(text) if text and digits.isdecimal() else None
