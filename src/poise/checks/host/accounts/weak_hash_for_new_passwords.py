"""Machines that keep new passwords as weak hashes.

DES and MD5 hashes are guessed at billions of guesses a second once the file is out.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.host.accounts import LoginRules, PamRule
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import pam
from poise.policy.host.systems import on_own_kernel

WEAK = frozenset({"md5", "bigcrypt", "des"})
STRONG = frozenset({"yescrypt", "gost_yescrypt", "sha512", "sha256", "blowfish", "bcrypt"})


def _with(login_defs: dict[str, str]) -> LoginRules:
    return altered(MACHINE.login_rules, login_defs=login_defs)


@on_own_kernel
def evaluate(machine: Machine) -> Verdict:
    arguments = [set(rule.arguments) for rule in pam.rules(machine, "pam_unix.so", "password")]
    asked = [(given & WEAK, given & STRONG) for given in arguments]
    if any(weak and not strong for weak, strong in asked):
        return unhealthy("pam_unix keeps new passwords as weak hashes", [sorted(given) for given in arguments])
    if asked and all(strong for _, strong in asked):
        return healthy("pam_unix keeps new passwords as strong hashes", [sorted(given) for given in arguments])
    value = machine.login_rules.login_defs.get("ENCRYPT_METHOD")
    if value is None:
        return unknown("neither pam_unix nor ENCRYPT_METHOD names a hash; the default depends on how they were built")
    if value.lower() in STRONG:
        return healthy("new passwords are kept as strong hashes", value)
    return unhealthy(f"new passwords are kept as {value}", value)


UNIX = PamRule(
    service="passwd", type="password", control="required", module="pam_unix.so", arguments=(), place="passwd:1"
)
PLAIN = replace(MACHINE, pam=(UNIX,))
CHECK = Check(
    title="New passwords should be kept as strong hashes",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://man7.org/linux/man-pages/man5/login.defs.5.html",
    evaluate=evaluate,
    fix=fixing.by_command(
        "sed -i -E 's/^#?[[:space:]]*ENCRYPT_METHOD[[:space:]].*/ENCRYPT_METHOD YESCRYPT/' /etc/login.defs",
        "set ENCRYPT_METHOD",
    ),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example("otherwise", replace(PLAIN, login_rules=_with({"ENCRYPT_METHOD": "MD5"})), "unhealthy", "MD5"),
        Example("by login.defs", PLAIN, "healthy"),
        Example("PAM wins", replace(MACHINE, login_rules=_with({"ENCRYPT_METHOD": "MD5"})), "healthy"),
        Example(
            "PAM asks for a weak one", replace(MACHINE, pam=(altered(UNIX, arguments=("md5",)),)), "unhealthy", "weak"
        ),
        Example("not set", replace(PLAIN, login_rules=_with({})), "unknown"),
        Example("unread", replace(PLAIN, unread={"login_rules": "permission denied"}), "unknown", "permission denied"),
    ),
)
