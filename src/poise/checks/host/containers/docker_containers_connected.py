"""Docker engines whose containers all reach each other.

One fallen container reaches the ports of all the others.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.engines import EngineSettings
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    settings = next((engine.settings for engine in machine.engines if engine.program == "docker"), None)
    if settings is None:
        return not_applicable("there is no docker here")
    if settings.get("icc") == "false":
        return healthy("containers do not reach each other")
    return unhealthy("all containers of the default network reach each other", settings.get("icc"))


CHECK = Check(
    title="Containers should reach only those that they are linked to",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.docker.com/reference/cli/dockerd/",
    evaluate=evaluate,
    fix=fixing.by_command("editor /etc/docker/daemon.json", "set icc to false, then restart Docker"),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE, engines=(EngineSettings(program="docker", settings={"icc": "false"}, places=("/etc/x",)),)
            ),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(MACHINE, engines=(EngineSettings(program="docker", settings={"icc": "true"}, places=("/etc/x",)),)),
            "unhealthy",
            "reach each other",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
