"""Containers in which the root, settings or the Docker socket of the machine is mounted.

Whoever runs a program in one is root of the machine.
"""

from msgspec.structs import replace as altered

from poise.checks.host import fixing
from poise.model import Check, Example, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.host.engines import Container
from poise.model.host.machine import Machine
from poise.model.samples.host import MACHINE
from poise.policy.host.systems import on_linux

CONTAINER = Container(
    id="c1",
    name="web",
    image="sha256:0",
    running=True,
    privileged=False,
    user="app",
    network="bridge",
    pid="",
    capabilities=(),
    security=("no-new-privileges",),
    mounts=("data:/data:rw",),
    ports=(),
    engine="docker",
)
ROOTS = frozenset(
    {"/", "/etc", "/root", "/var/run/docker.sock", "/run/docker.sock", "/proc", "/sys", "/boot"}
    | {"/run", "/var/run", "/var", "/dev", "/var/lib/docker", "/run/containerd/containerd.sock", "/var/lib/kubelet"}
)


@on_linux
def evaluate(machine: Machine) -> Verdict:
    found = [
        container.name
        for container in machine.containers
        if any((mount.split(":")[0].rstrip("/") or "/") in ROOTS and mount[:1] == "/" for mount in container.mounts)
    ]
    if found:
        return unhealthy(f"{found[0]} has a part of the machine mounted", found)
    if not machine.containers:
        return not_applicable("there are no containers")
    return healthy("no container does", len(machine.containers))


CHECK = Check(
    title="Containers should not have the machine mounted",
    asset=Machine,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.docker.com/engine/containers/run/",
    evaluate=evaluate,
    fix=fixing.by_command("docker rm -f NAME", "run the container anew without it"),
    examples=(
        Example("does not", replace(MACHINE, containers=(CONTAINER,)), "healthy"),
        Example(
            "does",
            replace(
                MACHINE, containers=(altered(CONTAINER, mounts=("/var/run/docker.sock:/var/run/docker.sock:rw",)),)
            ),
            "unhealthy",
            "web",
        ),
        Example("no containers", MACHINE, "not_applicable"),
        Example("unread", replace(MACHINE, unread={"containers": "permission denied"}), "unknown", "permission denied"),
    ),
)
