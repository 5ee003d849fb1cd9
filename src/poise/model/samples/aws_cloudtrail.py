"""One ordinary trail, as it should be."""

from poise.model.aws.cloudtrail import AdvancedSelector, EventSelector, FieldSelector, Trail
from poise.model.samples.aws import ACCOUNT, REGION

EVERYTHING = EventSelector(management_events=True, read_write="All", excluded_sources=(), data_resources=())
MANAGEMENT = AdvancedSelector(
    name="Management events",
    fields=(
        FieldSelector(
            field="eventCategory",
            equals=("Management",),
            not_equals=(),
            starts_with=(),
            not_starts_with=(),
            ends_with=(),
            not_ends_with=(),
        ),
    ),
)

TRAIL = Trail(
    id=f"arn:aws:cloudtrail:{REGION}:{ACCOUNT}:trail/audit",
    name="audit",
    scope=ACCOUNT,
    region=REGION,
    tags={},
    bucket="audit-logs",
    log_group=f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:audit:*",
    encryption_key=f"arn:aws:kms:{REGION}:{ACCOUNT}:key/5f6e7d8c-1111-2222-3333-444455556666",
    multi_region=True,
    organization=False,
    global_events=True,
    log_validation=True,
    insights=False,
    is_logging=True,
    delivery_error=None,
    event_selectors=(EVERYTHING,),
    advanced_selectors=(),
)
