"""Kubelets that do whatever a signed-in caller asks.

Any token of the cluster runs commands in every pod of the node.
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
    mode = settings.get("authorization.mode", settings.get("authorization-mode", ""))
    if mode.lower() == "webhook":
        return healthy("the API server decides", mode)
    return unhealthy("whatever a caller asks is done", mode or "not set on the command line: AlwaysAllow")


CHECK = Check(
    title="Kubelets should ask the API server who may do what",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
    evaluate=evaluate,
    fix=fixing.by_command(
        "editor /var/lib/kubelet/config.yaml", "set authorization.mode to Webhook, then restart the kubelet"
    ),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(program="kubelet", settings={"authorization.mode": "Webhook"}, places=("/etc/x",)),
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
                        program="kubelet", settings={"authorization.mode": "AlwaysAllow"}, places=("/etc/x",)
                    ),
                ),
            ),
            "unhealthy",
            "whatever",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
