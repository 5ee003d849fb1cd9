"""Kubelets that tell everyone about their pods.

Names, images, environment and mounts are there to read without a sign-in.
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
    value = kubelet.value(settings, kubelet.READ_ONLY_PORT)
    if value == "0":
        return healthy("the port is off")
    return unhealthy(f"port {value} answers everyone", value)


CHECK = Check(
    title="The read-only port of kubelets should be off",
    asset=Machine,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/",
    evaluate=evaluate,
    fix=fixing.by_command("editor /var/lib/kubelet/config.yaml", "set readOnlyPort to 0, then restart the kubelet"),
    examples=(
        Example(
            "as it should be",
            replace(
                MACHINE,
                engines=(EngineSettings(program="kubelet", settings={"readOnlyPort": "0"}, places=("/etc/x",)),),
            ),
            "healthy",
        ),
        Example(
            "otherwise",
            replace(
                MACHINE,
                engines=(EngineSettings(program="kubelet", settings={"readOnlyPort": "10255"}, places=("/etc/x",)),),
            ),
            "unhealthy",
            "10255",
        ),
        Example(
            "the command line wins",
            replace(
                MACHINE,
                engines=(
                    EngineSettings(
                        program="kubelet",
                        settings={"readOnlyPort": "0", "read-only-port": "10255"},
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
