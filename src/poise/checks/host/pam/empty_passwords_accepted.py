"""Machines whose PAM lets accounts with an empty password in.

One such account is enough.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.accounts import PamRule
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    found = [
        rule.place
        for rule in pam.rules(machine, "pam_unix.so", "auth")
        if {"nullok", "nullok_secure"} & set(rule.arguments)
    ]
    if found:
        return unhealthy("empty passwords are accepted", found)
    return healthy("empty passwords are refused")


CHECK = Check(
    title="PAM should refuse empty passwords",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man8/pam_unix.8.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i -E 's/[[:space:]]nullok(_secure)?//' /etc/pam.d/common-auth", "take nullok out of the stack"
    ),
    examples=(
        Example("refused", MACHINE, "healthy"),
        Example(
            "accepted",
            replace(
                MACHINE,
                pam=(
                    PamRule(
                        service="common-auth",
                        type="auth",
                        control="required",
                        module="pam_unix.so",
                        arguments=("nullok",),
                        place="/etc/pam.d/common-auth:17",
                    ),
                ),
            ),
            "unhealthy",
            "accepted",
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
