"""Small graphs that tests of the engine share."""

from poise.attackpaths.drawing import edge, node
from poise.model.graph import Capability, EdgeKind

READ, ADMIN = Capability.READ, Capability.ADMIN
VM, ROLE, BUCKET = "AWS::EC2::Instance", "AWS::IAM::Role", "AWS::S3::Bucket"
FLAW = node("CVE-1", "vulnerability", runs_code=True, known_exploited=True)


def machine(id, role="role"):
    """Return a vulnerable machine on the internet that has a role."""
    return [node(id, VM)], [
        edge("internet", EdgeKind.ROUTES_TO, id, ports=("tcp/443",)),
        edge(id, EdgeKind.HAS_VULNERABILITY, "CVE-1", ports=("tcp/443",)),
        edge(id, EdgeKind.CAN_AUTHENTICATE_AS, role),
    ]


def reads(role, bucket, **more):
    """Return that a role reads a bucket."""
    return edge(role, EdgeKind.HAS_PERMISSION, bucket, capability=READ, actions=("s3:GetObject",), **more)


def shop(*machines, buckets=("pii",)):
    """Return machines that share one role, which reads sensitive buckets."""
    nodes = [FLAW, node("role", ROLE), *(node(one, BUCKET, sensitive=True) for one in buckets)]
    edges = [reads("role", one) for one in buckets]
    for id in machines:
        more_nodes, more_edges = machine(id)
        nodes, edges = nodes + more_nodes, edges + more_edges
    return nodes, edges
