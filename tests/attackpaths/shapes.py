"""Draws the smallest graph of each shape of the catalogue, from its weakness, pivot and target."""

from poise.attackpaths.drawing import edge, node
from poise.model.graph import Capability, EdgeKind

READ, ADMIN = Capability.READ, Capability.ADMIN
ROUTES, HAS, RUNS = EdgeKind.ROUTES_TO, EdgeKind.HAS_VULNERABILITY, EdgeKind.IS_RUNNING
ACTS, HOLDS, MAY = EdgeKind.CAN_AUTHENTICATE_AS, EdgeKind.HOLDS_SECRET, EdgeKind.HAS_PERMISSION
KINDS = {
    "subscription": ("Microsoft.Resources/subscriptions", ADMIN),
    "account": ("AWS::::Account", ADMIN),
    "sensitive-data-store": ("AWS::S3::Bucket", READ),
    "secret-vault": ("Microsoft.KeyVault/vaults", READ),
    "data-store": ("Microsoft.Storage/storageAccounts", READ),
    "database": ("AWS::RDS::DBInstance", READ),
    "object-store": ("AWS::S3::Bucket", READ),
    "kms-key": ("AWS::KMS::Key", READ),
    "vm": ("AWS::EC2::Instance", None),
    "pod": ("Pod", None),
    "db-snapshot": ("AWS::RDS::DBSnapshot", READ),
    "repository": ("AWS::IAM::User", None),
}
VM = "AWS::EC2::Instance"
FLAW = node("CVE", "vulnerability", runs_code=True)


def drawn(weakness, pivot, target):
    """Return nodes and edges."""
    kind, gives = KINDS.get(target, (VM, None))
    end = node("end", kind, sensitive=target == "sensitive-data-store", allows_basic_authentication=True, critical=True)
    if weakness == ["basic-authentication"]:
        end = node("end", "AWS::RDS::DBInstance", sensitive=True, allows_basic_authentication=True)
        return [end], [edge("internet", ROUTES, "end", ports=("tcp/5432",))]
    if weakness == ["public-read-access"]:
        return _public(pivot, target, end, gives)
    holder = "end" if target in ("entry-resource-itself", "pod", "hosted-database") else "vm"
    nodes, edges = [end, node("vm", VM), FLAW], [edge("internet", ROUTES, holder, ports=("tcp/1433",))]
    if "db-code-execution-on-host" in weakness:
        nodes.append(node("sql", "SqlServer", common_usernames=True, runs_commands_on_host=True))
        return nodes, [*edges, edge(holder, RUNS, "sql", ports=("tcp/1433",))]
    edges.append(edge(holder, HAS, "CVE"))
    return nodes + _pivots(pivot), edges + _onward(pivot, gives)


def _pivots(pivot):
    if pivot == "attached-identity-permission":
        return [node("role", "AWS::IAM::Role")]
    return [node("secret", "secret")] if pivot in ("plaintext-ssh-key", "plaintext-secret") else []


def _onward(pivot, gives):
    if pivot == "attached-identity-permission":
        return [edge("vm", ACTS, "role"), edge("role", MAY, "end", capability=gives, actions=("a:B",))]
    if pivot in ("plaintext-ssh-key", "plaintext-secret"):
        near = edge("vm", ROUTES, "end", ports=("tcp/22", "tcp/5432"))
        return [edge("vm", HOLDS, "secret"), edge("secret", ACTS, "end"), near]
    return []


def _public(pivot, target, end, gives):
    if pivot == "data-replication":
        copy = node("copy", "AWS::S3::Bucket")
        shared = edge("everyone", MAY, "copy", capability=READ, actions=("s3:GetObject",))
        return [end, copy], [shared, edge("end", EdgeKind.COPIES_TO, "copy")]
    if pivot == "plaintext-secret":
        nodes = [end, node("repo", "GitHub::Repository", public=True), node("secret", "secret")]
        far = edge("internet", ROUTES, "end", ports=("tcp/5432",))
        return nodes, [edge("repo", HOLDS, "secret"), edge("secret", ACTS, "end"), far]
    if target == "db-snapshot":
        return [end], [edge("everyone", EdgeKind.PUBLISHES, "end")]
    return [end], [edge("everyone", MAY, "end", capability=gives, actions=("s3:GetObject",))]
