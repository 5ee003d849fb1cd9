"""Reads AWS CloudTrail: each trail once, in its home region.

An organization's trail shows up in every member account. There it becomes an asset of its own, whose id is the
trail's ARN and the member: it tells that the member's events are recorded.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from poise.collect.aws.reading.reader import AwsReader, tags_of
from poise.collect.aws.reading.spread import listed_each
from poise.collect.facts import Facts, Piece
from poise.model.asset import Json
from poise.model.aws.cloudtrail import Trail
from poise.model.listing import Read

PER_REGION = True
READS = (
    Read("cloudtrail:DescribeTrails", "cloudtrail:DescribeTrails", ("Trail",)),
    Read("cloudtrail:GetTrailStatus", "cloudtrail:GetTrailStatus", ("Trail.is_logging", "Trail.delivery_error")),
    Read(
        "cloudtrail:GetEventSelectors",
        "cloudtrail:GetEventSelectors",
        ("Trail.event_selectors", "Trail.advanced_selectors"),
    ),
    Read("cloudtrail:ListTags", "cloudtrail:ListTags", ("Trail.tags",)),
)


def collect(reader: AwsReader) -> Iterator[Piece]:
    """Yield the trails at home in a region, then the state of the listing."""
    trails = reader.pages("cloudtrail", "DescribeTrails", "trailList")
    yield from listed_each(reader, Trail, trails, partial(_trail, reader))


def _trail(reader: AwsReader, item: Json) -> list[Piece]:
    if item["HomeRegion"] != reader.region:
        return []
    arn = item["TrailARN"]
    facts = Facts(Trail)
    facts.pick(
        "cloudtrail:DescribeTrails",
        item,
        bucket="S3BucketName",
        log_group="CloudWatchLogsLogGroupArn",
        encryption_key="KmsKeyId",
        multi_region="IsMultiRegionTrail",
        organization="IsOrganizationTrail",
        global_events="IncludeGlobalServiceEvents",
        log_validation="LogFileValidationEnabled",
        insights="HasInsightSelectors",
    )
    facts.read(
        partial(reader.get, "cloudtrail", "GetTrailStatus", Name=arn),
        is_logging="IsLogging",
        delivery_error=lambda a: a.get("LatestDeliveryError") or None,
    )
    facts.read(
        partial(reader.get, "cloudtrail", "GetEventSelectors", TrailName=arn),
        event_selectors=lambda a: [_selector(s) for s in a.get("EventSelectors") or ()],
        advanced_selectors=lambda a: [_advanced(s) for s in a.get("AdvancedEventSelectors") or ()],
    )
    id = arn
    if arn.split(":")[4] == reader.account:
        facts.read(partial(reader.get, "cloudtrail", "ListTags", ResourceIdList=[arn]), tags=_tags)
    else:
        id = f"{arn}/member/{reader.account}"
        facts.unread["tags"] = "not asked: the trail belongs to another account of the organization"
    return list(facts.finish(id=id, name=item["Name"], scope=reader.account, region=reader.region))


def _tags(answer: Json) -> dict[str, str]:
    """Return the tags; the API leaves `Value` out for a tag that has none."""
    pairs = answer["ResourceTagList"][0].get("TagsList") or ()
    return tags_of([{"Key": pair["Key"], "Value": pair.get("Value") or ""} for pair in pairs])


def _selector(item: Json) -> Json:
    return {
        "management_events": item.get("IncludeManagementEvents", True),
        "read_write": item.get("ReadWriteType", "All"),
        "excluded_sources": item.get("ExcludeManagementEventSources") or (),
        "data_resources": [resource["Type"] for resource in item.get("DataResources") or ()],
    }


def _advanced(item: Json) -> Json:
    conditions = {
        "equals": "Equals",
        "not_equals": "NotEquals",
        "starts_with": "StartsWith",
        "not_starts_with": "NotStartsWith",
        "ends_with": "EndsWith",
        "not_ends_with": "NotEndsWith",
    }
    fields = [
        {"field": f["Field"], **{ours: f.get(theirs) or () for ours, theirs in conditions.items()}}
        for f in item["FieldSelectors"]
    ]
    return {"name": item.get("Name") or "", "fields": fields}
