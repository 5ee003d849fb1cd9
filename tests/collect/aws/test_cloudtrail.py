"""Trails: every field known, home regions, copies in member accounts, selectors, refused and broken answers."""

from poise.collect.aws import cloudtrail
from poise.model.aws.cloudtrail import EventSelector
from tests.collect.aws.answers import denied, every_call_alone_denied, fed_by, read

ARN = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/audit"
TRAIL = {
    "Name": "audit",
    "S3BucketName": "audit-logs",
    "IncludeGlobalServiceEvents": True,
    "IsMultiRegionTrail": True,
    "HomeRegion": "eu-west-1",
    "TrailARN": ARN,
    "LogFileValidationEnabled": True,
    "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:111122223333:log-group:audit:*",
    "KmsKeyId": "arn:aws:kms:eu-west-1:111122223333:key/k",
    "HasCustomEventSelectors": True,
    "HasInsightSelectors": False,
    "IsOrganizationTrail": False,
}
WHOLE = {
    "cloudtrail:DescribeTrails": {"trailList": [TRAIL]},
    "cloudtrail:GetTrailStatus": {"IsLogging": True, "LatestDeliveryError": "AccessDenied"},
    "cloudtrail:GetEventSelectors": {
        "TrailARN": ARN,
        "EventSelectors": [
            {
                "ReadWriteType": "WriteOnly",
                "IncludeManagementEvents": True,
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
                "ExcludeManagementEventSources": ["kms.amazonaws.com"],
            }
        ],
    },
    "cloudtrail:ListTags": {
        "ResourceTagList": [{"ResourceId": ARN, "TagsList": [{"Key": "a", "Value": "b"}, {"Key": "c"}]}]
    },
}


def test_every_field_is_known():
    (trail,), listings, problems = read(cloudtrail, WHOLE)

    assert (trail.id, trail.name, dict(trail.unread)) == (ARN, "audit", {})
    assert (listings, problems) == ({"AWS::CloudTrail::Trail": "complete"}, [])
    assert trail.tags == {"a": "b", "c": ""}
    assert trail.known() == {
        "bucket": "audit-logs",
        "log_group": "arn:aws:logs:eu-west-1:111122223333:log-group:audit:*",
        "encryption_key": "arn:aws:kms:eu-west-1:111122223333:key/k",
        "multi_region": True,
        "organization": False,
        "global_events": True,
        "log_validation": True,
        "insights": False,
        "is_logging": True,
        "delivery_error": "AccessDenied",
        "event_selectors": (
            EventSelector(
                management_events=True,
                read_write="WriteOnly",
                excluded_sources=("kms.amazonaws.com",),
                data_resources=("AWS::S3::Object",),
            ),
        ),
        "advanced_selectors": (),
    }


def test_advanced_selectors_are_kept_with_their_conditions():
    fields = [
        {"Field": "eventCategory", "Equals": ["Management"]},
        {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]},
    ]
    answer = {"TrailARN": ARN, "AdvancedEventSelectors": [{"FieldSelectors": fields}]}

    (trail,), _, _ = read(cloudtrail, WHOLE | {"cloudtrail:GetEventSelectors": answer})

    (selector,) = trail.advanced_selectors
    assert [(f.field, f.equals, f.not_equals) for f in selector.fields] == [
        ("eventCategory", ("Management",), ()),
        ("eventSource", (), ("kms.amazonaws.com",)),
    ]
    assert trail.event_selectors == ()


def test_a_trail_is_read_in_its_home_region_only():
    assert read(cloudtrail, WHOLE, region="us-east-1")[:2] == ([], {"AWS::CloudTrail::Trail": "complete"})


def test_an_organizations_trail_in_a_member_account_is_an_asset_of_the_member():
    (trail,), _, problems = read(cloudtrail, WHOLE, account="444455556666")

    assert (trail.id, trail.scope) == (f"{ARN}/member/444455556666", "444455556666")
    assert (set(trail.unread), problems) == ({"tags"}, [])


def test_a_refused_call_is_a_gap_on_just_the_fields_it_feeds():
    for call, unread in every_call_alone_denied(cloudtrail, WHOLE, ("cloudtrail:DescribeTrails",)):
        assert unread == fed_by(cloudtrail, call, "Trail"), call


def test_an_old_answer_without_a_key_is_a_gap():
    old = {k: v for k, v in TRAIL.items() if k not in ("IsOrganizationTrail", "HasInsightSelectors")}
    (trail,), _, _ = read(cloudtrail, WHOLE | {"cloudtrail:DescribeTrails": {"trailList": [old]}})
    assert set(trail.unread) == {"organization", "insights"}


def test_a_refused_list_is_denied_and_a_broken_item_is_lost_alone():
    call = "cloudtrail:DescribeTrails"
    assert read(cloudtrail, WHOLE | {call: denied(call)})[1] == {"AWS::CloudTrail::Trail": "denied"}
    assets, listings, _ = read(cloudtrail, WHOLE | {call: {"trailList": [{"Name": "x"}, TRAIL]}})
    assert ([t.id for t in assets], listings) == ([ARN], {"AWS::CloudTrail::Trail": "partial"})
