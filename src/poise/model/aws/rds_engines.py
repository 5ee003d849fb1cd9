"""When AWS's standard support of each major version of an RDS engine ends.

From that day on fixes come only with the paid Extended Support. Sources: RDS User Guide, "MySQL on Amazon RDS
versions", and the release calendar of RDS for PostgreSQL. Aurora and licensed engines follow other calendars.
"""

from datetime import UTC, datetime

AS_OF = "2026-05"
"""Month of the pages that the table was compared with."""


def _on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


STANDARD_SUPPORT_ENDS = {
    "mysql": {
        "5.6": _on(2022, 3, 1),
        "5.7": _on(2024, 2, 29),
        "8.0": _on(2026, 7, 31),
        "8.4": _on(2029, 7, 31),
    },
    "postgres": {
        "9.6": _on(2022, 4, 26),
        "10": _on(2023, 4, 17),
        "11": _on(2024, 2, 29),
        "12": _on(2025, 2, 28),
        "13": _on(2026, 2, 28),
        "14": _on(2027, 2, 28),
        "15": _on(2028, 2, 29),
        "16": _on(2029, 2, 28),
        "17": _on(2030, 2, 28),
    },
}
"""Engine -> major version -> the day on which its standard support ends."""


def major_version(engine: str, version: str) -> str:
    """Return the part of a version that names the major one: `8.0` of `8.0.42`, `17` of `17.5`, `9.6` of `9.6.2`."""
    parts = version.split(".")
    has_one_part = engine == "postgres" and parts[0].isdigit() and int(parts[0]) >= 10
    return parts[0] if has_one_part else ".".join(parts[:2])
