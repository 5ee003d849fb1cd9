"""Users that are in no group.

Rights that are given to single users are forgotten when a person changes work. Groups make them visible and let them
be changed in one place.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, replace, unhealthy
from poise.model.aws.iam import IamUser
from poise.model.samples.aws_iam import IAM_USER


def evaluate(user: IamUser) -> Verdict:
    if user.groups:
        return healthy("the user is in a group", seen=user.groups)
    return unhealthy("the user is in no group")


CHECK = Check(
    title="Users should be in a group",
    asset=IamUser,
    severity=Severity.LOW,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, User groups, choose or create one with the needed policies, Users, Add users, {name}.",
        cli="aws iam add-user-to-group --user-name {name} --group-name GROUP",
        terraform="""
resource "aws_iam_user_group_membership" "this" {
  user   = "{name}"
  groups = [aws_iam_group.this.name]
}
""",
    ),
    examples=(
        Example("in a group", IAM_USER, "healthy"),
        Example("in none", replace(IAM_USER, groups=()), "unhealthy", "no group"),
        Example("unread", replace(IAM_USER, unread={"groups": "AccessDenied"}), "unknown", "AccessDenied"),
    ),
)
