"""Clusters whose API server the whole internet can reach.

A leaked token or a fault in the API server is then enough from anywhere. Ranges are added up: two halves of the internet
are the internet.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.eks import EksCluster
from poise.model.samples.aws_sharing import CLUSTER
from poise.policy.aws.api_servers import is_open_to_all


def evaluate(cluster: EksCluster) -> Verdict:
    if not cluster.public_endpoint:
        return healthy("its API server has no public address")
    if is_open_to_all(cluster):
        return unhealthy("the whole internet reaches its API server", seen=cluster.public_ranges)
    return healthy("its public address lets in some ranges alone", seen=cluster.public_ranges)


OPEN = replace(CLUSTER, public_endpoint=True, public_ranges=("0.0.0.0/0",))

CHECK = Check(
    title="EKS clusters should not offer their API server to the whole internet",
    asset=EksCluster,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-1",
    evaluate=evaluate,
    fix=Fix(
        console="Open the cluster {name} in the EKS console, Networking, Manage endpoint access; choose Private, or name "
        "your own ranges.",
        cli="aws eks update-cluster-config --region {region} --name {name} "
        "--resources-vpc-config endpointPublicAccess=false,endpointPrivateAccess=true",
        terraform="""
resource "aws_eks_cluster" "this" {
  name = "{name}"
  vpc_config {
    endpoint_public_access  = false
    endpoint_private_access = true
  }
}
""",
        impact="Pipelines and people outside of the VPC need a way in, such as a VPN.",
    ),
    examples=(
        Example("private", CLUSTER, "healthy"),
        Example("everywhere", OPEN, "unhealthy", "whole internet"),
        Example("two halves", replace(OPEN, public_ranges=("0.0.0.0/1", "128.0.0.0/1")), "unhealthy"),
        Example("one network", replace(OPEN, public_ranges=("203.0.113.0/24",)), "healthy", "some ranges"),
        Example("unread", replace(CLUSTER, unread={"public_endpoint": "denied"}), "unknown", "denied"),
    ),
)
