"""Records of sessions of roles: temporary credentials that somebody holds."""

from poise.model.asset import Asset, Document, asset_kind


@asset_kind("AWS::STS::Session", "aws")
class RoleSession(Asset):
    """A session of a role; its id is its ARN. No connector reads it yet."""

    role: str
    """ARN of the role, path included."""
    policies: tuple[Document, ...]
    """Policies that were passed when it began, which narrow what it may do; none if none were."""
    expires: str
    """When its credentials end, ISO 8601."""
