"""How much a PostgreSQL server writes to its log, on the scale of its own levels.

Source: PostgreSQL documentation, "Error Reporting and Logging", `log_min_messages` and `log_min_error_statement`. A
level logs itself and everything more severe, so that a demand for a level is a bound on a scale, not an equality.
"""

from __future__ import annotations

from poise.model.errors import BadInput

LEVELS = (
    *("debug5", "debug4", "debug3", "debug2", "debug1", "info", "notice", "warning"),
    *("error", "log", "fatal", "panic"),
)
"""From the most talkative to the quietest."""
ALIASES = {"debug": "debug2"}


def is_at_least(level: str, bound: str) -> bool:
    """Say whether a server that logs from ``level`` on is as quiet as one that logs from ``bound`` on, or quieter.

    Raises BadInput for a word that is no level.
    """
    return _place(level) >= _place(bound)


def _place(level: str) -> int:
    word = level.strip().lower()
    word = ALIASES.get(word, word)
    if word not in LEVELS:
        raise BadInput(f"{level!r} is no level of PostgreSQL; expected one of {', '.join(LEVELS)}")
    return LEVELS.index(word)
