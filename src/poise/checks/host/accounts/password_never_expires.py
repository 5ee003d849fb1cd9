"""Passwords of people that never have to be changed.

One that leaked years ago still opens the account.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import (
    Check,
    Example,
    Parameter,
    Severity,
    Verdict,
    healthy,
    not_applicable,
    replace,
    unhealthy,
    unknown,
)
from poise.model.host.accounts import Password
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import password
from poise.policy.host.systems import on_own_kernel

ALICE = MACHINE.users[-1]
FINE = password("set", "yescrypt")


def _ends(found: Password | None, longest_days: int) -> bool:
    return found is not None and found.max_days is not None and 0 < found.max_days <= longest_days


@on_own_kernel
def evaluate(machine: Machine, longest_days: int) -> Verdict:
    if any(user.password is None for user in machine.users):
        return unknown("shadow was not read")
    people = [user for user in machine.users if user.password is not None and user.password.state == "set"]
    found = [user.name for user in people if not _ends(user.password, longest_days)]
    if found:
        return unhealthy(f"the password of {found[0]} lasts longer than {longest_days} days", found)
    if not people:
        return not_applicable("nobody has a password")
    return healthy(f"every password ends within {longest_days} days", [user.name for user in people])


CHECK = Check(
    title="Passwords should expire",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/shadow.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("chage --maxdays 365 USER", "let the password end"),
    parameters=(Parameter("longest_days", 365, "Days after which a password has to be changed.", lowest=1),),
    examples=(
        Example("ends", MACHINE, "healthy"),
        Example(
            "never",
            replace(MACHINE, users=(altered(ALICE, password=altered(FINE, max_days=None)),)),
            "unhealthy",
            "alice",
        ),
        Example(
            "late",
            replace(MACHINE, users=(altered(ALICE, password=altered(FINE, max_days=99999)),)),
            "unhealthy",
            "alice",
        ),
        Example("later than allowed", MACHINE, "unhealthy", "90 days", parameters={"longest_days": 90}),
        Example(
            "nobody has one",
            replace(MACHINE, users=(altered(ALICE, password=password("locked", None)),)),
            "not_applicable",
        ),
        Example("shadow not read", replace(MACHINE, users=(altered(ALICE, password=None),)), "unknown", "shadow"),
        Example("unread", replace(MACHINE, unread={"users": "permission denied"}), "unknown", "permission denied"),
    ),
)
