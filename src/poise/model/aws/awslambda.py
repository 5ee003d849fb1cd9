"""Records of AWS Lambda."""

from poise.model.asset import Asset, Document, Part, asset_kind
from poise.model.secret import ScannedText


class FunctionUrl(Part, frozen=True, kw_only=True):
    """An HTTPS end point of a function."""

    url: str
    """Its address."""
    auth_type: str
    """`NONE`, or `AWS_IAM` if callers must sign their requests."""
    cors_origins: tuple[str, ...]
    """Web origins that may call it from a browser; `*` for all."""


class AliasUrl(Part, frozen=True, kw_only=True):
    """An HTTPS end point of an alias of a function, with the policy that holds for the alias alone."""

    alias: str
    """Name of the alias."""
    url: FunctionUrl
    """The end point."""
    policy: Document | None
    """Resource policy of the alias; None if there is none."""


@asset_kind("AWS::Lambda::Function", "aws")
class LambdaFunction(Asset):
    """A function, its unpublished version."""

    last_modified: str
    """When its code or configuration was last changed, ISO 8601."""
    package_type: str
    """`Zip` or `Image`."""
    runtime: str | None
    """`python3.13` ...; None for an image."""
    handler: str | None
    """Entry point; None for an image."""
    role: str
    """ARN of its execution role."""
    vpc: str | None
    """ARN of the VPC that it is attached to; None if to none."""
    subnets: tuple[str, ...]
    """ARNs of its subnets."""
    security_groups: tuple[str, ...]
    """ARNs of its security groups."""
    environment: ScannedText
    """Its environment variables, scanned and thrown away."""
    environment_key: str | None
    """KMS key of the environment variables; None for the service's own."""
    layers: tuple[str, ...]
    """ARNs of its layer versions."""
    dead_letter_target: str | None
    """Queue or topic for events that failed; None if there is none."""
    tracing: str
    """`Active` or `PassThrough`."""
    policy: Document | None
    """Resource policy; None if there is none."""
    url: FunctionUrl | None
    """Its HTTPS end point; None if it has none."""
    alias_urls: tuple[AliasUrl, ...]
    """HTTPS end points of its aliases."""
    code_signing: str | None
    """ARN of its code signing configuration; None if any code is taken."""
