"""SSH servers that keep sessions of clients that are gone.

A session that nobody watches stays signed in: on a stolen laptop, or on a screen in an empty room. A count of 0 ends
no session since OpenSSH 8.2; before, it ended each after the interval.
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
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.policy.host import ssh
from poise.policy.host.systems import on_linux

NEVER_COUNTED = {"clientaliveinterval": "300", "clientalivecountmax": "0"}


@on_linux
def evaluate(machine: Machine, longest_s: int) -> Verdict:
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    interval, count = server.settings.get("clientaliveinterval", "0"), server.settings.get("clientalivecountmax", "3")
    seen = {"clientaliveinterval": interval, "clientalivecountmax": count}
    try:
        waits_s = ssh.seconds(interval) * int(count)
    except ValueError:
        return unknown("the server states a time that is none", seen)
    if int(count) == 0 and ssh.seconds(interval) > 0:
        is_old = ssh.is_older(server, (8, 2))
        if is_old is None:
            return unknown("a count of 0 means the opposite before OpenSSH 8.2, and the version is not known", seen)
        waits_s = ssh.seconds(interval) if is_old else 0
    if waits_s == 0:
        return unhealthy("no client is cut off: it is not asked whether it is there, or may not answer", seen)
    if waits_s > longest_s:
        return unhealthy(f"a client that is gone is kept for {waits_s} s", seen)
    return healthy(f"a client that is gone is kept for {waits_s} s", seen)


CHECK = Check(
    title="SSH servers should end sessions of clients that do not answer",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("ClientAliveInterval 15"),
    parameters=(
        Parameter("longest_s", 900, "Seconds after which a client that does not answer is cut off.", lowest=1),
    ),
    examples=(
        Example("asked often", MACHINE, "healthy"),
        Example(
            "never asked",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"clientaliveinterval": "0"})),
            "unhealthy",
            "not asked",
        ),
        *(
            Example(
                name,
                replace(
                    MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | NEVER_COUNTED, version=version)
                ),
                state,
                says,
            )
            for name, version, state, says in (
                ("count of 0, Debian 12", "1:9.2p1-2+deb12u3", "unhealthy", "no client is cut off"),
                ("count of 0, RHEL 8", "8.0p1-25.el8_10", "healthy", "300 s"),
                ("count of 0, version unknown", None, "unknown", "before OpenSSH 8.2"),
            )
        ),
        Example(
            "kept for an hour",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"clientaliveinterval": "20m"})),
            "unhealthy",
            "3600 s",
        ),
        Example(
            "kept as allowed",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"clientaliveinterval": "20m"})),
            "healthy",
            parameters={"longest_s": 3600},
        ),
        Example(
            "no time",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"clientaliveinterval": "soon"})),
            "unknown",
            "none",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
