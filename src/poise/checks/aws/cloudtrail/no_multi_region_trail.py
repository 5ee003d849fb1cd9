"""Accounts whose events are not recorded in every region.

An intruder works where nobody looks: in a region that is not used. One running trail over all regions leaves no such
place. A trail of the organization counts. Which events it takes is judged by another check.
"""

from poise.model import Check, Example, Fix, Inventory, Severity, Verdict, healthy, replace, unhealthy, unknown
from poise.model.aws.account import AwsAccount, AwsRegion
from poise.model.aws.cloudtrail import Trail
from poise.model.aws.default_regions import DEFAULT_REGIONS
from poise.model.samples.aws import AWS_ACCOUNT, AWS_REGION
from poise.model.samples.aws_cloudtrail import TRAIL
from poise.policy.aws.resources import listed


def evaluate(account: AwsAccount, inventory: Inventory) -> Verdict:
    trails = [trail for trail in inventory.of(Trail, account.scope) if trail.multi_region]
    running = [trail for trail in trails if "is_logging" not in trail.unread and trail.is_logging]
    if running:
        return healthy("a trail records every region", seen=running[0].id)
    doubtful = [trail.name for trail in trails if "is_logging" in trail.unread]
    if doubtful:
        return unknown(f"whether {doubtful[0]} is running was not read")
    unseen = _unseen_regions(account, inventory)
    if unseen:
        return unknown(f"trails at home in {listed(unseen)} were not read", seen=unseen)
    if trails:
        return unhealthy("the trail over all regions is not running", seen=trails[0].id)
    return unhealthy("no trail records every region")


def _unseen_regions(account: AwsAccount, inventory: Inventory) -> list[str]:
    """Return the regions that every account has and that were not read."""
    partition = account.id.split(":")[1]
    seen = {region.name for region in inventory.of(AwsRegion, account.scope)}
    return sorted(DEFAULT_REGIONS.get(partition, frozenset()) - seen)


EVERYWHERE = tuple(
    replace(AWS_REGION, id=f"{AWS_REGION.id}-{name}", name=name) for name in sorted(DEFAULT_REGIONS["aws"])
)
LOCAL = replace(TRAIL, multi_region=False)
STOPPED = replace(TRAIL, is_logging=False)
UNREAD = replace(TRAIL, unread={"is_logging": "AccessDenied"})


CHECK = Check(
    title="Accounts should have a running CloudTrail trail for all regions",
    asset=AwsAccount,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the CloudTrail console, Trails, Create trail. A trail made there is for all regions; choose management events, read and write.",
        cli="aws cloudtrail create-trail --name audit --s3-bucket-name BUCKET --is-multi-region-trail --enable-log-file-validation\naws cloudtrail start-logging --name audit",
        terraform="""
resource "aws_cloudtrail" "audit" {
  name                       = "audit"
  s3_bucket_name             = "BUCKET"
  is_multi_region_trail      = true
  enable_log_file_validation = true
}
""",
        impact="The first copy of management events is free; its files are stored in the bucket and charged.",
    ),
    examples=(
        Example("one trail", AWS_ACCOUNT, "healthy", others=(TRAIL,)),
        Example("no trail", AWS_ACCOUNT, "unhealthy", "no trail", others=EVERYWHERE),
        Example("a local trail", AWS_ACCOUNT, "unhealthy", "no trail", others=(LOCAL, *EVERYWHERE)),
        Example("stopped", AWS_ACCOUNT, "unhealthy", "not running", others=(STOPPED, *EVERYWHERE)),
        Example("state unread", AWS_ACCOUNT, "unknown", "is running", others=(UNREAD, *EVERYWHERE)),
        Example("one region read", AWS_ACCOUNT, "unknown", "and 11 more", others=(LOCAL, AWS_REGION)),
        Example(
            "trails unlisted",
            AWS_ACCOUNT,
            "unknown",
            "AccessDenied",
            unlisted={"AWS::CloudTrail::Trail": "AccessDenied"},
        ),
    ),
)
