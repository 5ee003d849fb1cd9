"""Issuers of OpenID Connect tokens that many organizations share, and the claims that tell them apart.

Source: IAM User Guide, "Identity-provider controls for shared OIDC providers", and the issuers' own pages on
AWS. An issuer that is not here serves one owner: a cluster, a company, a workspace.
"""

import re

EXACT = r"[^*?]+$"
_CLUSTER = r"system:serviceaccount:[^:*?]+:"

SHARED_ISSUERS: dict[str, dict[str, str]] = {
    "token.actions.githubusercontent.com": {
        "sub": r"repo:[^/*?]+/|repository_owner:[^:*?]+(:|$)|repository(_owner)?_id:\d+(:|$)",
        "repository": r"[^/*?]+/",
        "repository_owner": EXACT,
        "repository_owner_id": EXACT,
        "repository_id": EXACT,
        "job_workflow_ref": r"[^/*?]+/",
        "enterprise": EXACT,
        "enterprise_id": EXACT,
    },
    "vstoken.actions.githubusercontent.com": {"sub": r"repo:[^/*?]+/"},
    "oidc-configuration.audit-log.githubusercontent.com": {"sub": r"https://github\.com/[^/*?]+(/|$)"},
    "gitlab.com": {"sub": r"project_path:[^/*?]+/"},
    "app.terraform.io": {"sub": r"organization:[^:*?]+:"},
    "agent.buildkite.com": {"sub": r"organization:[^:*?]+:"},
    "oidc.vercel.com": {"sub": r"owner:[^:*?]+:"},
    "api.pulumi.com": {"sub": r"pulumi:[a-z*]+:org:[^:*?]+:"},
    "api.pulumi.com/oidc": {"sub": r"pulumi:[a-z*]+:org:[^:*?]+:", "aud": EXACT},
    "oidc.codefresh.io": {"sub": r"account:[^:*?]+:"},
    "scalr.io": {"sub": r"account:[^:*?]+:"},
    "proidc.upbound.io": {"sub": r"mcp:[^:*?]+:"},
    "studio.datachain.ai/api": {"sub": r"credentials:[^/*?]+/"},
    "tokens.cloud.shisho.dev": {"sub": r"job:[^:*?]+:"},
    "sandboxes.cloud": {"aud": EXACT},
    "oidc.op1.openshiftapps.com/2f785sojlpb85i7402pk3qogugim5nfb": {"sub": _CLUSTER},
    "oidc.op1.openshiftapps.com/2c51blsaqa9gkjt0o9rt11mle8mmropu": {"sub": _CLUSTER},
    "rh-oidc.s3.us-east-1.amazonaws.com/22ejnvnnturfmt6km08idd0nt4hekbn7": {"sub": _CLUSTER},
    "rh-oidc.s3.us-east-1.amazonaws.com/23e3sd27sju1hoou6ohfs68vbno607tr": {"sub": _CLUSTER},
    "rh-oidc.s3.us-east-1.amazonaws.com/23ne21h005qjl3n33d8dui5dlrmv2tmg": {"sub": _CLUSTER},
    "rh-oidc.s3.us-east-1.amazonaws.com/24jrf12m5dj7ljlfb4ta2frhrcoadm26": {"sub": _CLUSTER},
    "accounts.google.com": {"sub": EXACT, "aud": EXACT, "oaud": EXACT, "google/organization_number": EXACT},
    "cognito-identity.amazonaws.com": {"aud": EXACT, "sub": EXACT},
    "www.amazon.com": {"app_id": EXACT, "user_id": EXACT},
    "graph.facebook.com": {"app_id": EXACT, "id": EXACT},
}
"""Issuer -> claim -> how a value begins that belongs to one customer of the issuer."""

EVERY_SUBJECT = re.compile(r"(?:[a-z_]+:)*[*?:]*")


def is_every_subject(pattern: str) -> bool:
    """Say whether a pattern of subjects names nobody: `system:serviceaccount:*:*` is every workload of a cluster."""
    return EVERY_SUBJECT.fullmatch(pattern) is not None
