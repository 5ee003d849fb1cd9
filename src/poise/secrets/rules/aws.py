"""Secrets of Amazon Web Services."""

import re

from poise.secrets.proof import is_key_material, is_no_stand_in
from poise.secrets.rule import Place, Rule

SECRET = rb"(?P<secret>[A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"

RULES = (
    Rule(
        name="aws_access_key_id",
        title="AWS access key",
        keywords=(b"akia", b"asia"),
        pattern=re.compile(rb"(?<![A-Za-z0-9+/])((?:AKIA|ASIA)[A-Z2-7]{16})(?![A-Za-z0-9+/=])"),
        accept=is_no_stand_in,
        place=Place.IN_RUN,
        after=32,
    ),
    Rule(
        name="aws_secret_access_key",
        title="AWS secret access key",
        keywords=(b"secret",),
        pattern=re.compile(
            rb"(?i:secret[_-]?access[_-]?key|aws[_-]?secret[_-]?key|aws[_-]?secret|secret[_-]?key)"
            rb"[A-Za-z0-9_-]{0,20}[\"']?\s{0,4}(?:=>|:=|[:=]|,|\s)\s{0,4}[\"']?" + SECRET
        ),
        accept=is_key_material,
    ),
    Rule(
        name="aws_secret_access_key",
        title="AWS secret access key",
        keywords=(b"akia", b"asia"),
        pattern=re.compile(
            rb"(?:AKIA|ASIA)[A-Z2-7]{16}[^A-Za-z0-9/+][^\0]{0,80}?(?<![A-Za-z0-9/+])" + SECRET,
        ),
        accept=is_key_material,
        place=Place.IN_RUN,
        after=200,
    ),
    Rule(
        name="aws_mws_key",
        title="Amazon Marketplace Web Service key",
        keywords=(b"amzn.mws.",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"(amzn\.mws\.[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})(?![0-9a-f])"),
        accept=is_no_stand_in,
    ),
    Rule(
        name="aws_presigned_url",
        title="AWS presigned URL",
        keywords=(b"signature=",),
        place=Place.IN_RUN,
        pattern=re.compile(rb"X-Amz-Signature=([0-9a-fA-F]{64})(?![0-9a-fA-F])", re.IGNORECASE),
        accept=is_no_stand_in,
    ),
    Rule(
        name="aws_presigned_url",
        title="AWS presigned URL",
        keywords=(b"signature=",),
        place=Place.IN_RUN,
        pattern=re.compile(
            rb"AWSAccessKeyId=[A-Z0-9]{16,24}[^\s\"'<>]{0,300}?[&;]Signature=([A-Za-z0-9%/+=]{20,60})"
            rb"|Signature=([A-Za-z0-9%/+=]{20,60})[^\s\"'<>]{0,300}?[&;]AWSAccessKeyId="
        ),
        accept=is_no_stand_in,
        before=400,
        after=500,
    ),
)
