"""Machines that lock an account after many failed tries, or for a moment only.

A program that guesses slowly gets through.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

MOST_TRIES = 5
SHORTEST_S = 900
DEFAULTS = {pam.FAILLOCK: (3, 600), "pam_tally2.so": (0, 0)}
"""Module -> tries and seconds where nothing is stated."""


def _stated(machine: Machine, module: str) -> list[tuple[int, int]]:
    """Return tries and seconds of each line of a module; 0 seconds are for ever."""
    file = machine.login_rules.lockout if module == pam.FAILLOCK else {}
    deny = pam.settings(machine, module, "deny", file)
    unlock = ["0" if text == "never" else text for text in pam.settings(machine, module, "unlock_time", file)]
    pairs = ((pam.number(tries), pam.number(seconds)) for tries, seconds in zip(deny, unlock, strict=True))
    most, least = DEFAULTS[module]
    return [(most if tries is None else tries, least if seconds is None else seconds) for tries, seconds in pairs]


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    stated = [pair for module in DEFAULTS for pair in _stated(machine, module)]
    for deny, unlock_s in stated:
        seen = {"deny": deny, "unlock_time": unlock_s}
        if not 0 < deny <= MOST_TRIES:
            return unhealthy(f"an account is locked after {deny} failed tries", seen)
        if 0 < unlock_s < SHORTEST_S:
            return unhealthy(f"an account is locked for {unlock_s} s", seen)
    if not stated:
        return not_applicable("no account is locked")
    return healthy(f"an account is locked after {stated[0][0]} failed tries", seen)


CHECK = Check(
    title="Accounts should be locked after five failed tries",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/faillock.conf.5.html",
    evaluate=evaluate,
    fix=fixing.in_file("/etc/security/faillock.conf", "deny = 5\nunlock_time = 900", "true"),
    examples=(
        Example("five tries", MACHINE, "healthy"),
        Example(
            "many tries",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, lockout={"deny": "20", "unlock_time": "900"})),
            "unhealthy",
            "20 failed",
        ),
        Example(
            "never",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, lockout={"deny": "0", "unlock_time": "900"})),
            "unhealthy",
            "0 failed",
        ),
        Example(
            "a moment",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, lockout={"deny": "5", "unlock_time": "10"})),
            "unhealthy",
            "10 s",
        ),
        Example(
            "until an administrator comes",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, lockout={"deny": "5", "unlock_time": "0"})),
            "healthy",
        ),
        Example(
            "no lock",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_faillock.so")),
            "not_applicable",
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example(
            "until an administrator comes, in words",
            replace(MACHINE, login_rules=altered(MACHINE.login_rules, lockout={"deny": "5", "unlock_time": "never"})),
            "healthy",
        ),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
