"""One ordinary function, as it should be."""

from poise.model.aws.awslambda import LambdaFunction
from poise.model.samples.aws import ACCOUNT, REGION
from poise.model.secret import ScannedText, SecretHit

NO_SECRETS = ScannedText(length=24, digest="6f" * 32, hits=())
ONE_SECRET = ScannedText(
    length=48,
    digest="7a" * 32,
    hits=(SecretHit(rule="stripe_key", place="STRIPE_SECRET", fingerprint="0123456789ab", last_four="x7Qz"),),
)

LAMBDA_FUNCTION = LambdaFunction(
    id=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:charge",
    name="charge",
    scope=ACCOUNT,
    region=REGION,
    tags={"team": "shop"},
    last_modified="2026-03-01T09:00:00.000+0000",
    package_type="Zip",
    runtime="python3.13",
    handler="charge.handler",
    role=f"arn:aws:iam::{ACCOUNT}:role/charge",
    vpc=None,
    subnets=(),
    security_groups=(),
    environment=NO_SECRETS,
    environment_key=None,
    layers=(),
    dead_letter_target=None,
    tracing="Active",
    policy={
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "FromBucket",
                "Effect": "Allow",
                "Principal": {"Service": "s3.amazonaws.com"},
                "Action": "lambda:InvokeFunction",
                "Resource": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:charge",
                "Condition": {"StringEquals": {"AWS:SourceAccount": ACCOUNT}},
            }
        ],
    },
    url=None,
    alias_urls=(),
    code_signing=None,
)
