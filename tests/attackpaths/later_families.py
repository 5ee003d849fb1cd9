"""Draws the ways of the families that came after the catalogue: nodes, edges, where it begins, and the steps."""

from poise.attackpaths.drawing import edge, node
from poise.model.graph import Capability, EdgeKind

VM, POD, REPOSITORY = "AWS::EC2::Instance", "Pod", "GitHub::Repository"
FLAW = node("CVE", "vulnerability", runs_code=True)
EXPOSED = (
    edge("internet", EdgeKind.ROUTES_TO, "vm", ports=("tcp/443",)),
    edge("vm", EdgeKind.HAS_VULNERABILITY, "CVE"),
)
FOUND = (edge("vm", EdgeKind.HOLDS_SECRET, "secret"), edge("secret", EdgeKind.CAN_AUTHENTICATE_AS, "end"))
NEAR = edge("vm", EdgeKind.ROUTES_TO, "end", ports=("tcp/22", "tcp/5432"))
"""Packets of the machine arrive at the end: without them its login or database takes no secret."""
BY_SECRET = ["exposed_to_packets", "exploited_vulnerability", "secret_found", "secret_used"]
READS = edge("role", EdgeKind.HAS_PERMISSION, "end", capability=Capability.READ, actions=("a:Read",))


def _machine(kind):
    return (FLAW, node("vm", VM), node("secret", "secret"), node("end", kind, sensitive=True)), (*EXPOSED, *FOUND, NEAR)


def _repository(**insights):
    nodes = (node("repo", REPOSITORY, **insights), node("secret", "secret"), node("end", "AWS::RDS::DBInstance"))
    far = edge("internet", EdgeKind.ROUTES_TO, "end", ports=("tcp/5432",))
    return nodes, (edge("repo", EdgeKind.HOLDS_SECRET, "secret"), FOUND[1], far)


def _pod():
    nodes = (FLAW, node("pod", POD, escapes=True), node("host", "Node"), node("role", "AWS::IAM::Role"))
    ways = (
        edge("internet", EdgeKind.ROUTES_TO, "pod", ports=("tcp/443",)),
        edge("pod", EdgeKind.HAS_VULNERABILITY, "CVE"),
        edge("host", EdgeKind.IS_RUNNING, "pod"),
        edge("host", EdgeKind.CAN_AUTHENTICATE_AS, "role"),
        READS,
    )
    return (*nodes, node("end", "AWS::S3::Bucket", sensitive=True)), ways


def _application():
    program = node("app", "Microsoft.Graph/servicePrincipals", foreign=True, enabled=True, home_tenant="another")
    reads = edge("app", EdgeKind.HAS_PERMISSION, "end", capability=Capability.READ, actions=("a:Read",))
    return (program, node("end", "Microsoft.Storage/storageAccounts", sensitive=True)), (reads,)


def _function():
    nodes = (node("f", "AWS::Lambda::Function"), node("role", "AWS::IAM::Role"), node("end", "AWS::S3::Bucket"))
    called = edge("everyone", EdgeKind.HAS_PERMISSION, "f", actions=("lambda:InvokeFunctionUrl",))
    return nodes, (called, edge("f", EdgeKind.CAN_AUTHENTICATE_AS, "role"), READS)


WAYS = {
    "secret to another machine": (*_machine(VM), "", BY_SECRET),
    "secret to a store": (*_machine("Microsoft.Storage/storageAccounts"), "", BY_SECRET),
    "secret to a database": (*_machine("AWS::RDS::DBInstance"), "", BY_SECRET),
    "secret of a machine that is not exposed": (
        _machine("AWS::RDS::DBInstance")[0],
        (*FOUND, NEAR),
        "vm",
        BY_SECRET[2:],
    ),
    "secret of a private repository": (*_repository(), "repo", BY_SECRET[2:]),
    "secret of a public repository": (*_repository(public=True), "", BY_SECRET[2:]),
    "pod to node to cloud": (
        *_pod(),
        "",
        [*BY_SECRET[:2], "container_escape", "identity_of_workload", "granted_permission"],
    ),
    "application of another tenant": (*_application(), "", ["granted_permission"]),
    "function that anyone may call": (
        *_function(),
        "",
        ["exposed_function", "identity_of_workload", "granted_permission"],
    ),
}
"""Name -> nodes, edges, the node that counts as taken (empty for none), and the steps to `end`."""
