"""One ordinary asset of each kind of Amazon EC2, as it should be: examples change what they are about."""

from poise.model.aws.ec2 import (
    AttachedVolume,
    EbsSnapshot,
    EbsVolume,
    Ec2Instance,
    ElasticIp,
    MachineImage,
    MetadataOptions,
    NetworkInterface,
)
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.samples.aws_vpc import HERE, PUBLIC_SUBNET_ID, TAGS, VPC_ID
from poise.model.samples.aws_vpc_rules import SECURITY_GROUP
from poise.model.secret import ScannedText

INSTANCE_ID = f"{HERE}:instance/i-0a0000000000000001"
INTERFACE_ID = f"{HERE}:network-interface/eni-0a0000000000000001"
VOLUME_ID = f"{HERE}:volume/vol-0a0000000000000001"
SNAPSHOT_ID = f"{HERE}:snapshot/snap-0a0000000000000001"
DISK_KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5f6e7d8c-1111-2222-3333-444455556666"
METADATA_V2 = MetadataOptions(http_endpoint="enabled", http_tokens="required", hop_limit=1, instance_tags="disabled")

INSTANCE = Ec2Instance(
    id=INSTANCE_ID,
    name="shop-front",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    state="running",
    state_transition_reason=None,
    launched="2026-10-01T08:00:00+00:00",
    type="t3.micro",
    image="ami-0a0000000000000001",
    platform=None,
    key_name=None,
    profile=f"arn:aws:iam::{ACCOUNT}:instance-profile/shop-front",
    metadata=METADATA_V2,
    user_data=ScannedText(length=120, digest="0" * 64, hits=()),
    monitoring="disabled",
    ebs_optimized=True,
    vpc=VPC_ID,
    subnet=PUBLIC_SUBNET_ID,
    security_groups=(SECURITY_GROUP.id,),
    interfaces=(INTERFACE_ID,),
    private_ip="10.20.1.10",
    public_ip="198.51.100.20",
    volumes=(AttachedVolume(device="/dev/xvda", volume=VOLUME_ID, delete_on_termination=True),),
    source_dest_check=True,
    autoscaling_group=None,
)
VOLUME = EbsVolume(
    id=VOLUME_ID,
    name="shop-front-root",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    encrypted=True,
    key=DISK_KEY,
    state="in-use",
    size_gib=20,
    type="gp3",
    snapshot=SNAPSHOT_ID,
    created="2026-10-01T08:00:00+00:00",
    instances=(INSTANCE_ID,),
)
SNAPSHOT = EbsSnapshot(
    id=SNAPSHOT_ID,
    name="shop-front-root",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    encrypted=True,
    key=DISK_KEY,
    volume=VOLUME_ID,
    size_gib=20,
    created="2026-10-02T03:00:00+00:00",
    shared_with_groups=(),
    shared_with_accounts=(),
)
IMAGE = MachineImage(
    id=f"{HERE}:image/ami-0a0000000000000001",
    name="shop-2026-10",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    public=False,
    shared_with_groups=(),
    shared_with_accounts=(),
    shared_with_organizations=(),
    created="2026-10-01T06:00:00.000Z",
    deprecated=None,
    imds_support="v2.0",
    snapshots=(SNAPSHOT_ID,),
)
INTERFACE = NetworkInterface(
    id=INTERFACE_ID,
    name="eni-0a0000000000000001",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    description="Primary network interface",
    type="interface",
    status="in-use",
    vpc=VPC_ID,
    subnet=PUBLIC_SUBNET_ID,
    security_groups=(SECURITY_GROUP.id,),
    private_ips=("10.20.1.10",),
    public_ips=("198.51.100.20",),
    ipv6_addresses=(),
    instance=INSTANCE_ID,
    requester=None,
    requester_managed=False,
    source_dest_check=True,
)
ELASTIC_IP = ElasticIp(
    id=f"{HERE}:elastic-ip/eipalloc-0a000000000000001",
    name="198.51.100.20",
    scope=ACCOUNT,
    region=REGION,
    tags=TAGS,
    public_ip="198.51.100.20",
    interface=INTERFACE_ID,
    instance=INSTANCE_ID,
    association="eipassoc-0a000000000000001",
)
