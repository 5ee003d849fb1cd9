"""Users that can make themselves an administrator.

Some permissions are worth all others: to change one's own policies, to make a key for an administrator, to start a
machine with an administrator's role. They are found after denies and boundary, over all policies together.
"""

from poise.model import (
    Category,
    Check,
    Example,
    Fix,
    Inventory,
    Severity,
    Verdict,
    replace,
)
from poise.model.asset import Document
from poise.model.aws.iam import IamUser
from poise.model.samples.aws_iam import ALLOW_ALL, IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER
from poise.policy.aws.administration import raising_verdict


def evaluate(user: IamUser, inventory: Inventory) -> Verdict:
    return raising_verdict(user, inventory)


ADMIN_ROLE = replace(IAM_ROLE, id=f"{IAM_ROLE.id}-admin", inline_policies={"all": ALLOW_ALL}, attached_policies=())
ADMIN_USER = replace(IAM_USER, id=f"{IAM_USER.id}-admin", inline_policies={"all": ALLOW_ALL}, groups=())
SELF_CHANGING = {"Statement": {"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": IAM_POLICY.id}}
SELF = replace(IAM_POLICY, document=SELF_CHANGING)


def _allowing(*actions: str, **more: object) -> IamUser:
    statement: Document = {"Effect": "Allow", "Action": list(actions), "Resource": "*", **more}
    return replace(IAM_USER, inline_policies={"own": {"Version": "2012-10-17", "Statement": [statement]}}, groups=())


STARTS = _allowing("iam:PassRole", "ec2:RunInstances")

CHECK = Check(
    title="Users should not be able to make themselves an administrator",
    asset=IamUser,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    evaluate=evaluate,
    category=Category.ENTITLEMENT,
    fix=Fix(
        console="IAM console, Users, {name}, Permissions: narrow the statement with the first action of the evidence to the "
        "assets that are meant, never this principal or an administrator; or set a permissions boundary.",
        cli="aws iam put-user-policy --user-name {name} --policy-name NAME --policy-document file://narrowed.json",
        terraform="""
statement {   # in the policy of {name}: hand out one role to one service
  actions   = ["iam:PassRole"]
  resources = [aws_iam_role.task.arn]
  condition {
    test     = "StringEquals"
    variable = "iam:PassedToService"
    values   = ["ecs-tasks.amazonaws.com"]
  }
}
""",
        impact="Whatever used the wide permission for another asset fails until that is named too.",
    ),
    examples=(
        Example("reads one bucket", IAM_USER, "healthy", others=(IAM_GROUP, IAM_POLICY)),
        Example(
            "starts machines with an administrator's role",
            STARTS,
            "unhealthy",
            "ec2:RunInstances",
            others=(ADMIN_ROLE,),
        ),
        Example("PassRole alone", _allowing("iam:PassRole"), "healthy", others=(ADMIN_ROLE,)),
        Example("widens itself", _allowing("iam:PutUserPolicy"), "unhealthy", "iam:PutUserPolicy"),
        Example(
            "bounded",
            replace(_allowing("iam:PutUserPolicy"), permissions_boundary=IAM_POLICY.id),
            "healthy",
            others=(IAM_POLICY,),
        ),
        Example(
            "makes a key for an administrator",
            _allowing("iam:CreateAccessKey"),
            "unhealthy",
            "CreateAccessKey",
            others=(ADMIN_USER,),
        ),
        Example(
            "changes its own policy",
            replace(IAM_USER, attached_policies=(SELF.id,), groups=()),
            "unhealthy",
            "CreatePolicyVersion",
            others=(SELF,),
        ),
        Example("administrator already", _allowing("*"), "not_applicable", "already"),
        Example(
            "broken document", replace(STARTS, inline_policies={"own": {"Statement": "all"}}), "unknown", "Statement"
        ),
        Example("roles not listed", STARTS, "unknown", "denied", unlisted={ADMIN_ROLE.KIND: "denied"}),
        Example("policy not read", IAM_USER, "unknown", "was not read", others=(IAM_GROUP,)),
        Example(
            "policies unread",
            replace(IAM_USER, unread={"inline_policies": "malformed"}),
            "unknown",
            "malformed",
            others=(IAM_GROUP,),
        ),
        Example(
            "joins a group of administrators",
            _allowing("iam:AddUserToGroup"),
            "unhealthy",
            "AddUserToGroup",
            others=(replace(IAM_GROUP, inline_policies={"all": ALLOW_ALL}, attached_policies=()),),
        ),
    ),
)
