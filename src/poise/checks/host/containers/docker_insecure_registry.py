"""Docker engines that take images over HTTP or from unproven registries.

Whoever is on the way hands them another image.
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
    found = settings.get("insecure-registries", settings.get("insecure-registry", ""))
    if found:
        return unhealthy(f"{found} need not prove who it is", found)
    return healthy("every registry proves who it is")


CHECK = Check(
    title="Images should come from registries that prove who they are",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.docker.com/reference/cli/dockerd/",
    evaluate=evaluate,
    fix=fixing.by_command("editor /etc/docker/daemon.json", "take insecure-registries out, then restart Docker"),
    examples=(
        Example(
            "as it should be",
            replace(MACHINE, engines=(EngineSettings(program="docker", settings={}, places=("/etc/x",)),)),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="docker", settings={"insecure-registries": "registry:5000"}, places=("/etc/x",)
                    ),
                ),
            ),
            "unhealthy",
            "registry:5000",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
