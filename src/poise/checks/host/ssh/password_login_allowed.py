"""SSH servers that accept passwords.

A password can be guessed, reused and phished. A server that is open to the internet gets thousands of guesses a
day; a key cannot be guessed.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace
from poise.model.host.machine import Machine
from poise.model.host.ssh import SshMatch
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.model.verdict import State
from poise.policy.host import ssh
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    if ssh.asks_for_key(server):
        return healthy("a key is always asked for", server.settings["authenticationmethods"])
    asks_pam = server.settings.get("usepam") == "yes"
    for keyword in ("passwordauthentication", "kbdinteractiveauthentication")[: 2 if asks_pam else 1]:
        verdict = ssh.require(machine, keyword, ssh.one_of("no"), ("", f"passwords are accepted by {keyword}"))
        if verdict.state is not State.HEALTHY:
            return verdict
    return healthy("no password is accepted", {"passwordauthentication": "no"})


CHECK = Check(
    title="SSH servers should accept keys only",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("PasswordAuthentication no"),
    examples=(
        Example("as it should be", MACHINE, "healthy"),
        Example(
            "not as it should be",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"passwordauthentication": "yes"})),
            "unhealthy",
            "passwords are accepted",
        ),
        Example(
            "for some only",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS | {"passwordauthentication": "no"},
                    matches=(
                        SshMatch(
                            criteria="User deploy",
                            settings={"passwordauthentication": "yes"},
                            place="/etc/ssh/sshd_config:99",
                        ),
                    ),
                ),
            ),
            "unhealthy",
            "for User deploy",
        ),
        Example(
            "asked by PAM",
            replace(
                MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"kbdinteractiveauthentication": "yes"})
            ),
            "unhealthy",
            "by kbdinteractiveauthentication",
        ),
        Example(
            "besides a key",
            replace(
                MACHINE,
                ssh_server=altered(
                    SSH_SERVER,
                    settings=SSH_SETTINGS
                    | {"passwordauthentication": "yes", "authenticationmethods": "publickey,password"},
                ),
            ),
            "healthy",
            "always asked",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
