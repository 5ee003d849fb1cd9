"""Records of Amazon Elastic Kubernetes Service."""

from poise.model.asset import Asset, asset_kind


@asset_kind("AWS::EKS::Cluster", "aws")
class EksCluster(Asset):
    """A cluster."""

    version: str
    """Kubernetes version, such as `1.33`."""
    status: str
    """`ACTIVE`, `CREATING`, `UPDATING`, `FAILED` ..."""
    endpoint: str | None
    """Address of the API server; None while it is made."""
    role: str
    """ARN of the role that the control plane acts as."""
    vpc: str | None
    """ARN of its VPC."""
    subnets: tuple[str, ...]
    """ARNs of the subnets that the control plane has interfaces in."""
    security_groups: tuple[str, ...]
    """ARNs of the security groups of those interfaces, that of the cluster among them."""
    public_endpoint: bool
    """Whether the API server has a public address."""
    private_endpoint: bool
    """Whether it is reached from the VPC by a private address."""
    public_ranges: tuple[str, ...]
    """Ranges that the public address lets in."""
    logs: tuple[str, ...]
    """Kinds of control plane logs that are kept: `api`, `audit`, `authenticator` ..."""
    secrets_key: str | None
    """KMS key that secrets are encrypted with beside the disks; None if with none."""
    issuer: str | None
    """Issuer of the tokens of its service accounts; None if it has none."""
    authentication_mode: str | None
    """`API`, `CONFIG_MAP` or `API_AND_CONFIG_MAP`; None where the answer of an older API has none."""
