"""A secret that was matched to what it opens, wherever it was found. The secret itself is never here."""

from poise.model.asset import Asset, asset_kind


@asset_kind("MatchedSecret", "host")
class MatchedSecret(Asset):
    """A secret with the place where it lies and the thing that it opens; its id is that place's with a print behind."""

    held_in: str | None
    """Id of the asset that holds it: machine, snapshot, image, repository, vault; None if it was seen in the open."""
    rule: str
    """Which kind of secret, e.g. `aws_access_key_id`."""
    place: str
    """Where in it: a file and line, a layer, a variable."""
    leaked: bool
    """Whether it was found where anyone can read."""
    opens: str | None
    """Id of the principal, machine or database that it opens; None if it was matched to none."""
    key_number: int | None
    """Number of the access key that it is; None if it is no access key."""
    valid: bool | None
    """Whether it works, where that was tried or is told by the provider; None if it is not known."""
