"""An ordinary session of a role, narrowed when it began."""

from poise.model.aws.sessions import RoleSession
from poise.model.samples.aws import ACCOUNT

ROLE_SESSION = RoleSession(
    id=f"arn:aws:sts::{ACCOUNT}:assumed-role/web/shop-front",
    name="shop-front",
    scope=ACCOUNT,
    region="global",
    tags={},
    role=f"arn:aws:iam::{ACCOUNT}:role/web",
    policies=(
        {
            "Version": "2012-10-17",
            "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::shop/*"}],
        },
    ),
    expires="2026-03-01T13:00:00Z",
)
