"""Kubelets that answer whoever asks.

Anyone who reaches the port runs commands in every pod of the node.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.engines import EngineSettings
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    settings = next((engine.settings for engine in machine.engines if engine.program == "kubelet"), None)
    if settings is None:
        return not_applicable("there is no kubelet here")
    value = settings.get("authentication.anonymous.enabled", settings.get("anonymous-auth", ""))
    if value == "false":
        return healthy("anonymous requests are refused")
    return unhealthy("anonymous requests are taken", value or "not set on the command line: true")


CHECK = Check(
    title="Kubelets should refuse anonymous requests",
    asset=Machine,
    severity=Severity.CRITICAL,
    since="0.1",
    source="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "editor /var/lib/kubelet/config.yaml", "set authentication.anonymous.enabled to false, then restart the kubelet"
    ),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="kubelet", settings={"authentication.anonymous.enabled": "false"}, places=("/etc/x",)
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
                    EngineSettings(
                        program="kubelet", settings={"authentication.anonymous.enabled": "true"}, places=("/etc/x",)
                    ),
                ),
            ),
            "unhealthy",
            "anonymous requests",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
