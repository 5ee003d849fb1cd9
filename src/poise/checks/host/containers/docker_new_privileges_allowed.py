"""Docker engines whose containers may gain privileges.

A setuid program in an image makes a fallen service root of its container.
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
    if settings.get("no-new-privileges") == "true":
        return healthy("no container gains privileges")
    return unhealthy("containers may gain privileges", settings.get("no-new-privileges"))


CHECK = Check(
    title="Containers should not gain privileges",
    asset=Machine,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.docker.com/reference/cli/dockerd/",
    evaluate=evaluate,
    fix=fixing.by_command("editor /etc/docker/daemon.json", "set no-new-privileges to true, then restart Docker"),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(EngineSettings(program="docker", settings={"no-new-privileges": "true"}, places=("/etc/x",)),),
            ),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(MACHINE, engines=(EngineSettings(program="docker", settings={}, places=("/etc/x",)),)),
            "unhealthy",
            "may gain",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
