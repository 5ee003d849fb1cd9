"""Machines that lock an account after many failed tries, or for a moment only.

A program that guesses slowly gets through.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_linux

MOST_TRIES = 5
SHORTEST_S = 900


@on_linux
def evaluate(machine: Machine) -> Verdict:
    if not any(pam.rules(machine, "pam_faillock.so", "auth")):
        return not_applicable("no account is locked")
    settings = machine.login_rules.lockout
    deny = pam.number(pam.setting(machine, "pam_faillock.so", "deny", settings))
    unlock_s = pam.number(pam.setting(machine, "pam_faillock.so", "unlock_time", settings))
    deny, unlock_s = (3 if deny is None else deny), (600 if unlock_s is None else unlock_s)
    seen = {"deny": deny, "unlock_time": unlock_s}
    if not 0 < deny <= MOST_TRIES:
        return unhealthy(f"an account is locked after {deny} failed tries", seen)
    if 0 < unlock_s < SHORTEST_S:
        return unhealthy(f"an account is locked for {unlock_s} s", seen)
    return healthy(f"an account is locked after {deny} failed tries", seen)


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
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
