"""SSH servers that wait for many strangers at once.

Whoever opens connections and does not sign in takes the places of those who would.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy, unknown
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.policy.host.systems import on_linux

BEGIN, FULL = 10, 60


@on_linux
def evaluate(machine: Machine) -> Verdict:
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    stated = server.settings.get("maxstartups", "10:30:100")
    parts = stated.split(":")
    if not all(part.isdecimal() for part in parts):
        return unknown("the server states a number that is none", stated)
    most = [int(part) for part in parts]
    if most[0] > BEGIN or (len(most) == 3 and most[2] > FULL):
        return unhealthy(f"up to {most[-1]} connections wait for a sign-in", stated)
    return healthy(f"at most {most[-1]} connections wait for a sign-in", stated)


CHECK = Check(
    title="SSH servers should limit connections that are not signed in",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("MaxStartups 10:30:60"),
    examples=(
        Example("limited", MACHINE, "healthy"),
        Example(
            "more than needed",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"maxstartups": "10:30:100"})),
            "unhealthy",
            "up to 100",
        ),
        Example(
            "one number",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"maxstartups": "50"})),
            "unhealthy",
            "up to 50",
        ),
        Example(
            "no number",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"maxstartups": "many"})),
            "unknown",
            "none",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
