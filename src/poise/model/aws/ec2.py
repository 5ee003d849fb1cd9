"""Records of Amazon EC2: machines, disks, images, interfaces and addresses.

Ids are ARNs in the account that was read, also for what another account shares with it, so that relations hold.
"""

from poise.model.asset import Asset, Part, asset_kind
from poise.model.secret import ScannedText


class MetadataOptions(Part, frozen=True, kw_only=True):
    """How a machine reaches its metadata service, where its role's credentials are."""

    http_endpoint: str
    """`enabled` or `disabled`."""
    http_tokens: str
    """`required` admits version 2 alone; `optional` admits version 1 too."""
    hop_limit: int
    """Network hops that an answer may take; more than 1 reaches containers."""
    instance_tags: str | None
    """Whether tags are readable there: `enabled` or `disabled`; None where the API leaves it out."""


class AttachedVolume(Part, frozen=True, kw_only=True):
    """A disk of a machine."""

    device: str
    """Name of the device, e.g. `/dev/xvda`."""
    volume: str
    """ARN of the volume."""
    delete_on_termination: bool
    """Whether it goes when the machine goes."""


@asset_kind("AWS::EC2::Instance", "aws")
class Ec2Instance(Asset):
    """A machine."""

    state: str
    """`pending`, `running`, `stopping`, `stopped`, `shutting-down` or `terminated`."""
    state_transition_reason: str | None
    """Why it came into its state, e.g. `User initiated (2026-01-05 10:00:00 GMT)`; None if nothing is stated."""
    launched: str
    """When it was last started, ISO 8601."""
    type: str
    """Size, e.g. `t3.micro`."""
    image: str
    """Id of the image it was made from, `ami-...`."""
    platform: str | None
    """`windows`; None for everything else."""
    key_name: str | None
    """Name of the key pair; None if there is none."""
    profile: str | None
    """ARN of its instance profile; None if it has no role."""
    metadata: MetadataOptions
    """How it reaches its metadata service."""
    user_data: ScannedText | None
    """Start script; None if there is none."""
    monitoring: str
    """`enabled` for detailed monitoring, else `disabled`."""
    ebs_optimized: bool
    """Whether it has bandwidth of its own to its disks."""
    vpc: str | None
    """ARN of its VPC; None outside of any."""
    subnet: str | None
    """ARN of the subnet of its first interface; None outside of any."""
    security_groups: tuple[str, ...]
    """ARNs of the security groups of its first interface."""
    interfaces: tuple[str, ...]
    """ARNs of its network interfaces."""
    private_ip: str | None
    """First private IPv4 address; None if it has none."""
    public_ip: str | None
    """Public IPv4 address of its first interface; None if it has none."""
    volumes: tuple[AttachedVolume, ...]
    """Its disks."""
    source_dest_check: bool | None
    """Whether it drops packets that are not its own; off on routers; None where the API leaves it out."""
    autoscaling_group: str | None
    """Name of the scaling group that made it; None if none did."""


@asset_kind("AWS::EC2::Volume", "aws")
class EbsVolume(Asset):
    """A disk."""

    encrypted: bool
    """Whether it is encrypted at rest."""
    key: str | None
    """ARN of the KMS key; None if it is not encrypted."""
    state: str
    """`available` (attached to nothing), `in-use` ..."""
    size_gib: int
    """Size."""
    type: str
    """Kind of disk, e.g. `gp3`."""
    snapshot: str | None
    """ARN of the snapshot it was made from; None if from none."""
    created: str
    """When it was made, ISO 8601."""
    instances: tuple[str, ...]
    """ARNs of the machines it is attached to."""


@asset_kind("AWS::EC2::Snapshot", "aws")
class EbsSnapshot(Asset):
    """A copy of a disk, of the own account."""

    encrypted: bool
    """Whether it is encrypted at rest."""
    key: str | None
    """ARN of the KMS key; None if it is not encrypted."""
    volume: str | None
    """ARN of the volume it was taken of; None if that is not known."""
    size_gib: int
    """Size of the volume."""
    created: str
    """When it was started, ISO 8601."""
    shared_with_groups: tuple[str, ...]
    """Groups that may make disks of it: `all` is every account."""
    shared_with_accounts: tuple[str, ...]
    """Accounts that may make disks of it."""


@asset_kind("AWS::EC2::Image", "aws")
class MachineImage(Asset):
    """An image (AMI) of the own account."""

    public: bool
    """Whether every account may start machines from it, as the list says."""
    shared_with_groups: tuple[str, ...]
    """Groups that may start machines from it: `all` is every account."""
    shared_with_accounts: tuple[str, ...]
    """Accounts that may start machines from it."""
    shared_with_organizations: tuple[str, ...]
    """ARNs of organizations and units that may start machines from it."""
    created: str
    """When it was made, ISO 8601."""
    deprecated: str | None
    """When it becomes or became deprecated, ISO 8601; None if no date is set."""
    imds_support: str | None
    """`v2.0` makes machines start with tokens required; None if not set."""
    snapshots: tuple[str, ...]
    """ARNs of the snapshots of its disks."""


@asset_kind("AWS::EC2::NetworkInterface", "aws")
class NetworkInterface(Asset):
    """A network card of a machine or of a service."""

    description: str
    """What its owner says about it."""
    type: str
    """`interface`, `nat_gateway`, `lambda`, `network_load_balancer` ..."""
    status: str
    """`in-use`, `available` ..."""
    vpc: str
    """ARN of its VPC."""
    subnet: str
    """ARN of its subnet."""
    security_groups: tuple[str, ...]
    """ARNs of its security groups."""
    private_ips: tuple[str, ...]
    """Private IPv4 addresses."""
    public_ips: tuple[str, ...]
    """Public IPv4 addresses, of its own or elastic."""
    ipv6_addresses: tuple[str, ...]
    """IPv6 addresses."""
    instance: str | None
    """ARN of the machine it is attached to; None if to none."""
    requester: str | None
    """Account or service that made it on behalf of the account; None if the account did."""
    requester_managed: bool
    """Whether a service manages it."""
    source_dest_check: bool
    """Whether packets that are not its own are dropped."""


@asset_kind("AWS::EC2::EIP", "aws")
class ElasticIp(Asset):
    """A public address that is kept."""

    public_ip: str
    """The address."""
    interface: str | None
    """ARN of the network interface it is bound to; None if to none."""
    instance: str | None
    """ARN of the machine it is bound to; None if to none."""
    association: str | None
    """Id of its binding; None if it is bound to nothing."""
