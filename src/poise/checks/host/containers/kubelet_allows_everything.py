"""Kubelets that do whatever a signed-in caller asks.

Any token of the cluster runs commands in every pod of the node.
"""

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.engines import EngineSettings
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host import kubelet
from poise.policy.host.systems import on_linux


@on_linux
def evaluate(machine: Machine) -> Verdict:
    settings = kubelet.settings(machine)
    if settings is None:
        return not_applicable("there is no kubelet here")
    mode = kubelet.value(settings, kubelet.AUTHORIZATION)
    if mode.lower() == "webhook":
        return healthy("the API server decides", mode)
    return unhealthy("whatever a caller asks is done", mode)


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
        Example(
            "the command line wins",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="kubelet",
                        settings={"authorization.mode": "Webhook", "authorization-mode": "AlwaysAllow"},
                        places=("/etc/x",),
                    ),
                ),
            ),
            "unhealthy",
        ),
        Example(
            "a file that does not say",
            replace(
                MACHINE,
                engines=(EngineSettings(program="kubelet", settings={"config": "/etc/x"}, places=("/etc/x",)),),
            ),
            "healthy",
        ),
        Example(
            "no file",
            replace(MACHINE, engines=(EngineSettings(program="kubelet", settings={}, places=("/etc/x",)),)),
            "unhealthy",
        ),
        Example("none", replace(MACHINE, engines=()), "not_applicable"),
        Example("unread", replace(MACHINE, unread={"engines": "permission denied"}), "unknown", "permission denied"),
    ),
)
