"""Clusters whose control plane keeps no audit log.

Who read a secret or started a pod cannot be told afterwards. The logs of the API server and of sign-ins complete it.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.eks import EksCluster
from poise.model.samples.aws_sharing import CLUSTER

WANTED = ("api", "audit", "authenticator")


def evaluate(cluster: EksCluster) -> Verdict:
    missing = [kind for kind in WANTED if kind not in cluster.logs]
    if missing:
        return unhealthy(f"not kept: {', '.join(missing)}", seen=cluster.logs)
    return healthy("API, audit and sign-in logs are kept", seen=cluster.logs)


CHECK = Check(
    title="EKS clusters should keep the logs of their control plane",
    asset=EksCluster,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-8",
    evaluate=evaluate,
    fix=Fix(
        console="Open the cluster {name} in the EKS console, Observability, Manage logging; switch on the missing ones.",
        cli="aws eks update-cluster-config --region {region} --name {name} "
        """--logging '{"clusterLogging":[{"types":["api","audit","authenticator"],"enabled":true}]}'""",
        terraform="""
resource "aws_eks_cluster" "this" {
  name                      = "{name}"
  enabled_cluster_log_types = ["api", "audit", "authenticator"]
}
""",
        impact="CloudWatch bills what is written.",
    ),
    examples=(
        Example("all", CLUSTER, "healthy"),
        Example("no audit", replace(CLUSTER, logs=("api", "authenticator")), "unhealthy", "audit"),
        Example("none", replace(CLUSTER, logs=()), "unhealthy"),
        Example("unread", replace(CLUSTER, unread={"logs": "denied"}), "unknown", "denied"),
    ),
)
