"""Console users who sign in with nothing but a password.

A password that is guessed, phished or reused from a leak is enough to act as the user. A second factor stops
each of these.
"""

from poise.model import Check, Example, Fix, Severity, Verdict, healthy, not_applicable, replace, unhealthy
from poise.model.aws.iam import IamUser
from poise.model.samples.aws_iam import IAM_USER


def evaluate(user: IamUser) -> Verdict:
    if "has_password" not in user.unread and not user.has_password:
        return not_applicable("the user has no console password")
    if user.has_mfa:
        return healthy("an MFA device is assigned")
    if not user.has_password:
        return not_applicable("the user has no console password")
    return unhealthy("the user has a console password and no MFA device", seen={"mfa_active": False})


UNREAD = "AccessDenied on iam:GetCredentialReport"
NO_MFA = replace(IAM_USER, has_mfa=False)

CHECK = Check(
    title="Console users should have multi-factor authentication",
    asset=IamUser,
    severity=Severity.HIGH,
    since="0.1",
    source="https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html",
    evaluate=evaluate,
    fix=Fix(
        console="IAM console, Users, {name}, Security credentials, Assign MFA device; a passkey or security key "
        "withstands phishing. Better still: give people access through IAM Identity Center and delete the user.",
        cli="aws iam enable-mfa-device --user-name {name} --serial-number MFA_ARN "
        "--authentication-code1 CODE1 --authentication-code2 CODE2",
        terraform="""
# A device is bound to a person and cannot be enabled here; take the password away instead:
# remove the aws_iam_user_login_profile of {name}.
""",
        impact="The user is asked for a code at each sign-in from then on.",
    ),
    examples=(
        Example("MFA device", IAM_USER, "healthy"),
        Example("password only", NO_MFA, "unhealthy", "no MFA"),
        Example("no password", replace(NO_MFA, has_password=False), "not_applicable"),
        Example("no password, but an MFA device", replace(IAM_USER, has_password=False), "not_applicable"),
        Example("MFA known, password unread", replace(IAM_USER, unread={"has_password": UNREAD}), "healthy"),
        Example(
            "no password, MFA unread",
            replace(IAM_USER, has_password=False, unread={"has_mfa": UNREAD}),
            "not_applicable",
        ),
        Example("MFA unread", replace(IAM_USER, unread={"has_mfa": UNREAD}), "unknown", "AccessDenied"),
        Example("password unread", replace(NO_MFA, unread={"has_password": UNREAD}), "unknown", "AccessDenied"),
    ),
)
