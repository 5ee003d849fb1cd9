"""What was there but was not read."""

from poise.model.asset import Part


class Gap(Part, frozen=True, kw_only=True):
    """Something on a disk that was not read, or only in part."""

    place: str
    """Path, or the name of a walk."""
    reason: str
    """Why: unreadable, malformed, beyond a limit."""
