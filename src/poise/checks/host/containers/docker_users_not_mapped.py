"""Docker engines whose containers run as root of the machine.

Whoever breaks out of one is root.
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
    if settings.get("userns-remap"):
        return healthy("users of containers are mapped", settings["userns-remap"])
    return unhealthy("root in a container is root of the machine")


CHECK = Check(
    title="Root in containers should not be root of the machine",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.docker.com/engine/security/userns-remap/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "editor /etc/docker/daemon.json",
        "set userns-remap to default, then restart Docker",
        "Images are fetched again, and volumes change their owner.",
    ),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(EngineSettings(program="docker", settings={"userns-remap": "default"}, places=("/etc/x",)),),
            ),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(MACHINE, engines=(EngineSettings(program="docker", settings={}, places=("/etc/x",)),)),
            "unhealthy",
            "root of the machine",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
