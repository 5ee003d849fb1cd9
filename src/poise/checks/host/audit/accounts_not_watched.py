"""Machines whose audit log does not tell who changes accounts.

A new account or a new member of a group goes unnoticed.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.host.system import Kernel
from poise.model.samples.host import MACHINE
from poise.policy.host import audit
from poise.policy.host.systems import on_own_kernel

WATCHED = (
    "/etc/passwd",
    "/etc/group",
    "/etc/shadow",
)
IMAGE = Kernel(release="", known_by="", installed=())


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    if not machine.audit.installed:
        return not_applicable("auditd is not installed")
    missing = audit.unwatched_paths(machine.audit.rules, WATCHED)
    if missing:
        return unhealthy(f"no rule watches {missing[0]}", missing)
    return healthy("changes of accounts are logged", list(WATCHED))


CHECK = Check(
    title="Changes of accounts should be in the audit log",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/auditctl.8.html",
    evaluate=evaluate,
    fix=fixing.in_file(
        "/etc/audit/rules.d/50-accounts-not-watched.rules",
        "-w /etc/passwd -p wa -k identity\n-w /etc/group -p wa -k identity\n-w /etc/shadow -p wa -k identity",
        "augenrules --load",
    ),
    examples=(
        Example("watched", MACHINE, "healthy"),
        Example("not watched", replace(MACHINE, audit=altered(MACHINE.audit, rules=())), "unhealthy", "/etc/passwd"),
        Example("not installed", replace(MACHINE, audit=altered(MACHINE.audit, installed=False)), "not_applicable"),
        Example("a container image", replace(MACHINE, kernel=IMAGE), "not_applicable"),
        Example(
            "by the other form",
            replace(
                MACHINE,
                audit=altered(
                    MACHINE.audit, rules=("-a always,exit -F arch=b64 -F dir=/etc/ -F perm=wa -k identity", "-e 2")
                ),
            ),
            "healthy",
        ),
        Example(
            "one beside it",
            replace(
                MACHINE,
                audit=altered(
                    MACHINE.audit,
                    rules=("-w /etc/passwd- -p wa", "-w /etc/group -p wa", "-w /etc/shadow -p wa"),
                ),
            ),
            "unhealthy",
            "/etc/passwd",
        ),
        Example(
            "readers only",
            replace(MACHINE, audit=altered(MACHINE.audit, rules=("-w /etc -p r",))),
            "unhealthy",
            "/etc/passwd",
        ),
        Example(
            "taken back",
            replace(MACHINE, audit=altered(MACHINE.audit, rules=("-w /etc -p wa", "-D"))),
            "unhealthy",
            "/etc/passwd",
        ),
        Example("unread", replace(MACHINE, unread={"audit": "permission denied"}), "unknown", "permission denied"),
    ),
)
