"""Trails that leave out what changes the account.

Management events are the calls that create, change and delete: the part of the record that tells how an attack went. A
trail that takes only reads, only data events, or nothing of the kind, misses it.
"""

from msgspec import structs

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.cloudtrail import AdvancedSelector, Trail
from poise.model.samples.aws_cloudtrail import EVERYTHING, MANAGEMENT, TRAIL


def evaluate(trail: Trail) -> Verdict:
    if not trail.event_selectors and not trail.advanced_selectors:
        return healthy("the trail has no selector, so it takes all management events")
    if any(s.management_events and s.read_write != "ReadOnly" for s in trail.event_selectors):
        return healthy("the trail takes management events that write")
    if any(_takes_writes(selector) for selector in trail.advanced_selectors):
        return healthy("the trail takes management events that write")
    return unhealthy("the trail takes no management events that write")


def _takes_writes(selector: AdvancedSelector) -> bool:
    fields = {field.field: field for field in selector.fields}
    category, read_only = fields.get("eventCategory"), fields.get("readOnly")
    is_management = category is not None and "Management" in category.equals
    leaves_out = read_only is not None and ("true" in read_only.equals or "false" in read_only.not_equals)
    return is_management and not leaves_out


READS = structs.replace(EVERYTHING, read_write="ReadOnly")
NO_MANAGEMENT = structs.replace(EVERYTHING, management_events=False)
ONLY_READS = structs.replace(MANAGEMENT.fields[0], field="readOnly", equals=("true",))
READS_ADVANCED = structs.replace(MANAGEMENT, fields=(*MANAGEMENT.fields, ONLY_READS))
NOT_FALSE = structs.replace(MANAGEMENT.fields[0], field="readOnly", equals=(), not_equals=("false",))
NO_WRITES = structs.replace(MANAGEMENT, fields=(*MANAGEMENT.fields, NOT_FALSE))
DATA = structs.replace(MANAGEMENT, fields=(structs.replace(MANAGEMENT.fields[0], equals=("Data",)),))
ADVANCED = replace(TRAIL, event_selectors=(), advanced_selectors=(MANAGEMENT,))


CHECK = Check(
    title="CloudTrail trails should take management events",
    asset=Trail,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the trail {name} in the CloudTrail console, Management events, Edit, tick Read and Write, Save.",
        cli='aws cloudtrail put-event-selectors --region {region} --trail-name {id} --event-selectors \'[{"ReadWriteType":"All","IncludeManagementEvents":true}]\'',
        terraform="""
resource "aws_cloudtrail" "this" {
  name           = "{name}"
  s3_bucket_name = "BUCKET"
  event_selector {
    read_write_type           = "All"
    include_management_events = true
  }
}
""",
        impact="Management events of a second trail are charged. The command replaces the selectors: keep those for data events. A trail meant for data events alone beside a complete one may be exempted.",
    ),
    examples=(
        Example("everything", TRAIL, "healthy"),
        Example("no selectors", replace(TRAIL, event_selectors=()), "healthy", "no selector"),
        Example("reads only", replace(TRAIL, event_selectors=(READS,)), "unhealthy"),
        Example("none", replace(TRAIL, event_selectors=(NO_MANAGEMENT,)), "unhealthy"),
        Example("advanced", ADVANCED, "healthy"),
        Example("advanced, reads only", replace(ADVANCED, advanced_selectors=(READS_ADVANCED,)), "unhealthy"),
        Example("advanced, no writes", replace(ADVANCED, advanced_selectors=(NO_WRITES,)), "unhealthy"),
        Example("advanced, data only", replace(ADVANCED, advanced_selectors=(DATA,)), "unhealthy"),
        Example("unread", replace(TRAIL, unread={"event_selectors": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
