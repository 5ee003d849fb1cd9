"""When AWS stops to support each runtime of Lambda.

From that day on AWS may install no more security fixes. Source: AWS Lambda Developer Guide, "Lambda runtimes" and
"Runtime deprecation". The dates to come are AWS's plans; it has put off those of runtimes on Amazon Linux 2 before.
"""

from datetime import UTC, datetime

AS_OF = "2026-05"
"""Month of the page that the table was compared with."""


def _on(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


SUPPORT_ENDS = {
    "nodejs": _on(2016, 10, 31),
    "nodejs4.3": _on(2020, 3, 5),
    "nodejs4.3-edge": _on(2020, 3, 5),
    "nodejs6.10": _on(2019, 8, 12),
    "nodejs8.10": _on(2020, 3, 6),
    "nodejs10.x": _on(2021, 7, 30),
    "nodejs12.x": _on(2023, 3, 31),
    "nodejs14.x": _on(2023, 12, 4),
    "nodejs16.x": _on(2024, 6, 12),
    "nodejs18.x": _on(2025, 9, 1),
    "nodejs20.x": _on(2026, 4, 30),
    "nodejs22.x": _on(2027, 4, 30),
    "nodejs24.x": _on(2028, 4, 30),
    "python2.7": _on(2021, 7, 15),
    "python3.6": _on(2022, 7, 18),
    "python3.7": _on(2023, 12, 4),
    "python3.8": _on(2024, 10, 14),
    "python3.9": _on(2025, 12, 15),
    "python3.10": _on(2026, 10, 31),
    "python3.11": _on(2027, 6, 30),
    "python3.12": _on(2028, 10, 31),
    "python3.13": _on(2029, 6, 30),
    "python3.14": _on(2029, 6, 30),
    "java8": _on(2024, 1, 8),
    "java8.al2": _on(2027, 6, 30),
    "java11": _on(2027, 6, 30),
    "java17": _on(2027, 6, 30),
    "java21": _on(2029, 6, 30),
    "java25": _on(2029, 6, 30),
    "dotnetcore1.0": _on(2019, 7, 27),
    "dotnetcore2.0": _on(2019, 5, 30),
    "dotnetcore2.1": _on(2022, 1, 5),
    "dotnetcore3.1": _on(2023, 4, 3),
    "dotnet5.0": _on(2022, 5, 10),
    "dotnet6": _on(2024, 12, 20),
    "dotnet7": _on(2024, 5, 14),
    "dotnet8": _on(2026, 11, 10),
    "dotnet10": _on(2028, 11, 14),
    "ruby2.5": _on(2021, 7, 30),
    "ruby2.7": _on(2023, 12, 7),
    "ruby3.2": _on(2026, 3, 31),
    "ruby3.3": _on(2027, 3, 31),
    "ruby3.4": _on(2028, 3, 31),
    "ruby4.0": _on(2029, 3, 31),
    "go1.x": _on(2024, 1, 8),
    "provided": _on(2024, 1, 8),
    "provided.al2": _on(2026, 7, 31),
    "provided.al2023": _on(2029, 6, 30),
}
"""Runtime -> the day on which its support ends."""
