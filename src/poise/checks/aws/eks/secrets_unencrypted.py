"""Clusters whose secrets are protected by the encryption of the disks alone.

With a key of your own, a copy of the store of the cluster is worthless without the right to use the key, and the key's
log tells who used it. From version 1.28 on AWS encrypts the whole store with a key that it keeps.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.eks import EksCluster
from poise.model.samples.aws_sharing import CLUSTER


def evaluate(cluster: EksCluster) -> Verdict:
    if cluster.secrets_key is not None:
        return healthy("secrets are encrypted with a key of your own", seen=cluster.secrets_key)
    return unhealthy("secrets are not encrypted with a key of your own")


CHECK = Check(
    title="EKS clusters should encrypt secrets with a key of your own",
    asset=EksCluster,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/securityhub/latest/userguide/eks-controls.html#eks-3",
    evaluate=evaluate,
    fix=Fix(
        console="Open the cluster {name} in the EKS console, Overview, Secrets encryption, Enable; choose a key.",
        cli="aws eks associate-encryption-config --region {region} --cluster-name {name} "
        """--encryption-config '[{"resources":["secrets"],"provider":{"keyArn":"KEY_ARN"}}]'""",
        terraform="""
resource "aws_eks_cluster" "this" {
  name = "{name}"
  encryption_config {
    resources = ["secrets"]
    provider {
      key_arn = aws_kms_key.cluster.arn
    }
  }
}
""",
        impact="It cannot be switched off again; a cluster whose key is deleted is lost.",
    ),
    examples=(
        Example("own key", CLUSTER, "healthy"),
        Example("none", replace(CLUSTER, secrets_key=None), "unhealthy"),
        Example("unread", replace(CLUSTER, unread={"secrets_key": "denied"}), "unknown", "denied"),
    ),
)
