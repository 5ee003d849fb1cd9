"""Topics whose policy lets other accounts in.

The other account decides itself who then publishes or subscribes. Accounts that may be there are named in the
parameter.
"""

from poise.model import Check, Example, Fix, Parameter, Severity, Verdict, replace
from poise.model.aws.sns import SnsTopic
from poise.model.samples.aws import FOREIGN_ACCOUNT
from poise.model.samples.aws_sharing import NOT_UNDERSTOOD, OTHER, TOPIC, granting
from poise.policy.aws.exposure import resource_policy_exposure
from poise.policy.aws.sharing import shared_verdict


def evaluate(topic: SnsTopic, trusted_accounts: tuple[str, ...]) -> Verdict:
    trusted = frozenset(trusted_accounts)
    return shared_verdict(resource_policy_exposure(topic.policy, topic.scope, trusted=trusted))


SHARED = replace(TOPIC, policy=granting(OTHER, "SNS:Publish"))
OPEN = replace(TOPIC, policy=granting("*", "SNS:Publish"))

CHECK = Check(
    title="SNS topics should be shared with known accounts only",
    asset=SnsTopic,
    severity=Severity.MEDIUM,
    since="0.1",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html",
    evaluate=evaluate,
    parameters=(Parameter("trusted_accounts", (), "Account ids that may be named in the policies."),),
    fix=Fix(
        console="Open the topic {name} in the SNS console, Edit, Access policy; take out the other account, or add it to the check's trusted accounts.",
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
        impact="The other account can no longer use it; ask its owner first.",
    ),
    examples=(
        Example("as it should be", TOPIC, "healthy"),
        Example("another account", SHARED, "unhealthy", FOREIGN_ACCOUNT),
        Example("a known account", SHARED, "healthy", parameters={"trusted_accounts": (FOREIGN_ACCOUNT,)}),
        Example("open to everyone", OPEN, "not_applicable", "another check"),
        Example("not understood", replace(TOPIC, policy=NOT_UNDERSTOOD), "unknown"),
        Example("unread", replace(TOPIC, unread={"policy": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
