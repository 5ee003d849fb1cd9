"""SSH servers that show no warning.

In some countries those who come in without leave can only be prosecuted if they were told.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.model.samples.host_parts import SSH_SERVER, SSH_SETTINGS
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    server = machine.ssh_server
    if server is None:
        return not_applicable("there is no SSH server")
    banner = server.settings.get("banner", "none")
    if banner == "none":
        return unhealthy("no warning is shown", {"banner": banner})
    return healthy(f"the warning in {banner} is shown", {"banner": banner})


CHECK = Check(
    title="SSH servers should show a warning before sign-in",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://man.openbsd.org/sshd_config",
    evaluate=evaluate,
    fix=fixing.sshd("Banner /etc/issue.net"),
    examples=(
        Example("shown", MACHINE, "healthy"),
        Example(
            "none",
            replace(MACHINE, ssh_server=altered(SSH_SERVER, settings=SSH_SETTINGS | {"banner": "none"})),
            "unhealthy",
            "no warning",
        ),
        Example("no server", replace(MACHINE, ssh_server=None), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"ssh_server": "permission denied"}), "unknown", "permission denied"),
    ),
)
