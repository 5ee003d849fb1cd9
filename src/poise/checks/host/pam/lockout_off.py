"""Machines that let anyone guess for ever.

Nothing stops a program that tries all likely passwords.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy
from poise.model.host.accounts import PamRule
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam

LOCKERS = (pam.FAILLOCK, "pam_tally2.so", "pam_tally.so")
SSHD = PamRule(
    service="sshd", type="auth", control="required", module="pam_unix.so", arguments=(), place="/etc/pam.d/sshd:2"
)
PREAUTH = PamRule(
    service="login", type="auth", control="required", module=pam.FAILLOCK, arguments=("preauth",), place="login:1"
)


@pam.where_used
def evaluate(machine: Machine) -> Verdict:
    found = [rule.place for name in LOCKERS for rule in pam.rules(machine, name, "auth")]
    open_stacks = pam.lacking(machine, LOCKERS, "auth", "authfail")
    if open_stacks:
        return unhealthy(f"no module counts failed tries in {', '.join(open_stacks)}", open_stacks)
    return healthy("failed tries are counted", found)


CHECK = Check(
    title="Accounts should be locked after failed tries",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/faillock.conf.5.html",
    evaluate=evaluate,
    fix=fixing.by_command("pam-auth-update --enable faillock", "count failed tries"),
    examples=(
        Example("counted", MACHINE, "healthy"),
        Example(
            "not counted",
            replace(MACHINE, pam=tuple(rule for rule in MACHINE.pam if rule.module != "pam_faillock.so")),
            "unhealthy",
            "no module",
        ),
        Example("no PAM", replace(MACHINE, pam=()), "not_applicable"),
        Example("not for SSH", replace(MACHINE, pam=(*MACHINE.pam, SSHD)), "unhealthy", "in sshd"),
        Example("looked up, never counted", replace(MACHINE, pam=(PREAUTH,)), "unhealthy", "in login"),
        Example("unread", replace(MACHINE, unread={"pam": "permission denied"}), "unknown", "permission denied"),
    ),
)
