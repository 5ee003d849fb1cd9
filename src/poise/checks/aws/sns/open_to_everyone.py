"""Topics whose policy lets everyone in.

Strangers subscribe and read along, or publish what your subscribers take for yours. The policy that AWS gives a new
topic names everyone, but only for the owner's own account.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, replace
from poise.model.aws.sns import SnsTopic
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, OWN, TOPIC, granting
from poise.policy.aws.exposure import resource_policy_exposure
from poise.policy.aws.sharing import open_verdict


def evaluate(topic: SnsTopic) -> Verdict:
    return open_verdict(resource_policy_exposure(topic.policy, topic.scope))


ACTION = "SNS:Publish"
OPEN = replace(TOPIC, policy=granting("*", ACTION))
FROM_ANY_SOURCE = granting("*", ACTION, {"StringLike": {"aws:SourceArn": "arn:aws:*:*:*:*"}})

CHECK = Check(
    title="SNS topics should not be open to everyone",
    asset=SnsTopic,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    evaluate=evaluate,
    fix=Fix(
        console="Open the topic {name} in the SNS console, Edit, Access policy; replace * as principal by the accounts and roles that need it.",
        cli="""
aws sns get-topic-attributes --region {region} --topic-arn {id}
# correct the policy in policy.json, then:
aws sns set-topic-attributes --region {region} --topic-arn {id} --attribute-name Policy --attribute-value file://policy.json
""",
        terraform="""
resource "aws_sns_topic_policy" "this" {
  arn    = "{id}"
  policy = data.aws_iam_policy_document.topic.json
}
""",
        impact="Who came in by the open statement is kept out.",
    ),
    examples=(
        Example("as it should be", TOPIC, "healthy"),
        Example("no policy", replace(TOPIC, policy=None), "healthy"),
        Example("the own account", replace(TOPIC, policy=granting(OWN, ACTION)), "healthy"),
        Example("another account", replace(TOPIC, policy=granting(OTHER, ACTION)), "healthy"),
        Example("everyone", OPEN, "unhealthy", "anyone"),
        Example("sources of any account", replace(TOPIC, policy=FROM_ANY_SOURCE), "unhealthy", "anyone"),
        Example("not understood", replace(TOPIC, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(TOPIC, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
