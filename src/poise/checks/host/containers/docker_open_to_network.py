"""Docker engines that take orders from the network without a certificate.

Whoever reaches the port is root on the machine.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.engines import EngineSettings
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

OWN = ("tcp://127.", "tcp://localhost", "tcp://[::1]")
"""Addresses of the machine itself."""


@on_linux
def evaluate(machine: Machine) -> Verdict:
    settings = next((engine.settings for engine in machine.engines if engine.program == "docker"), None)
    if settings is None:
        return not_applicable("there is no docker here")
    hosts = settings.get("hosts", settings.get("host", settings.get("H", "")))
    remote = [word for word in hosts.split() if word.startswith("tcp://") and not word.startswith(OWN)]
    if not remote:
        return healthy("no orders come from the network", hosts)
    if "true" in (settings.get("tlsverify"), settings.get("tls-verify")):
        return healthy("orders from the network need a certificate", hosts)
    return unhealthy("orders from the network need no certificate", hosts)


CHECK = Check(
    title="Docker should take no orders from the network without certificates",
    asset=Machine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://docs.docker.com/reference/cli/dockerd/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "editor /etc/docker/daemon.json", "take the tcp address out of hosts, or set tlsverify with certificates"
    ),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="docker", settings={"hosts": "unix:///var/run/docker.sock"}, places=("/etc/x",)
                    ),
                ),
            ),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(program="docker", settings={"hosts": "tcp://0.0.0.0:2375"}, places=("/etc/x",)),
                ),
            ),
            "unhealthy",
            "no certificate",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example(
            "for the machine alone",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="docker", settings={"hosts": "fd:// tcp://127.0.0.1:2375"}, places=("/etc/x",)
                    ),
                ),
            ),
            "healthy",
        ),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
