"""When the support of distributions ends.

The vendors set these dates and may move them. Each was compared, on 2026-11-25, with one of:

- Debian and Ubuntu: the tables of the package `distro-info-data` 0.58+deb12u6, which both distributions keep (columns
  `eol`, and `eol-lts` or `eol-esm` for the extension);
- all others: the product pages of https://endoflife.date (its repository), which name the vendor's page for each;
- Amazon Linux 2 and 2023: https://aws.amazon.com/amazon-linux-2/faqs/ and what cites it;
- Windows Server: https://learn.microsoft.com/lifecycle/products/windows-server-2025 and its like, of which that of 2025
  ends a month later than endoflife.date has it.

Red Hat Enterprise Linux 10 and SUSE Linux Enterprise Server 15 SP6 and SP7 are by the vendors' rule (ten years and
three more; half a year after the next service pack; July 2031 for the last). Oracle names months: their last days
stand here. Service packs and branches that are not listed stay unknown: a shorter number says nothing of them.
"""

from __future__ import annotations

LIFETIMES: dict[str, dict[str, tuple[str, str | None]]] = {
    "debian": {
        "7": ("2016-04-25", "2018-05-31"), "8": ("2018-06-17", "2020-06-30"), "9": ("2020-07-18", "2022-06-30"),
        "10": ("2022-09-10", "2024-06-30"), "11": ("2024-08-14", "2026-08-31"), "12": ("2026-07-11", "2028-06-30"),
        "13": ("2028-08-09", "2030-06-30"),
    },
    "ubuntu": {
        "12.04": ("2017-04-28", "2019-04-26"), "14.04": ("2019-04-25", "2024-04-25"),
        "16.04": ("2021-04-30", "2026-04-23"), "18.04": ("2023-05-31", "2028-04-26"),
        "20.04": ("2025-05-29", "2030-04-23"), "21.10": ("2022-07-14", None), "22.04": ("2027-06-01", "2032-04-21"),
        "22.10": ("2023-07-20", None), "23.04": ("2024-01-25", None), "23.10": ("2024-07-11", None),
        "24.04": ("2029-05-31", "2034-04-25"), "24.10": ("2025-07-10", None), "25.04": ("2026-01-15", None),
        "25.10": ("2026-07-09", None), "26.04": ("2031-05-29", "2036-04-23"),
    },
    "rhel": {
        "5": ("2017-03-31", "2020-11-30"), "6": ("2020-11-30", "2024-06-30"), "7": ("2024-06-30", "2028-06-30"),
        "8": ("2029-05-31", "2032-05-31"), "9": ("2032-05-31", "2035-05-31"), "10": ("2035-05-31", "2038-05-31"),
    },
    "centos": {
        "5": ("2017-03-31", None), "6": ("2020-11-30", None), "7": ("2024-06-30", None), "8": ("2021-12-31", None),
    },
    "centos-stream": {"8": ("2024-05-31", None), "9": ("2027-05-31", None), "10": ("2030-01-01", None)},
    "almalinux": {"8": ("2029-03-01", None), "9": ("2032-05-31", None), "10": ("2035-05-31", None)},
    "rocky": {"8": ("2029-05-31", None), "9": ("2032-05-31", None), "10": ("2035-05-31", None)},
    "ol": {
        "6": ("2021-03-31", "2024-12-31"), "7": ("2024-12-31", "2028-06-30"), "8": ("2029-07-31", "2032-07-31"),
        "9": ("2032-06-30", "2035-06-30"),
    },
    "amzn": {
        "2016.03": ("2023-12-31", None), "2016.09": ("2023-12-31", None), "2017.03": ("2023-12-31", None),
        "2017.09": ("2023-12-31", None), "2018.03": ("2023-12-31", None), "2": ("2026-06-30", None),
        "2023": ("2029-06-30", None),
    },
    "alpine": {
        "3.8": ("2020-05-01", None), "3.9": ("2020-11-01", None), "3.10": ("2021-05-01", None),
        "3.11": ("2021-11-01", None), "3.12": ("2022-05-01", None), "3.13": ("2022-11-01", None),
        "3.14": ("2023-05-01", None), "3.15": ("2023-11-01", None), "3.16": ("2024-05-23", None),
        "3.17": ("2024-11-22", None), "3.18": ("2025-05-09", None), "3.19": ("2025-11-01", None),
        "3.20": ("2026-04-01", None), "3.21": ("2026-11-01", None), "3.22": ("2027-05-01", None),
        "3.23": ("2027-11-01", None),
    },
    "fedora": {
        "36": ("2023-05-16", None), "37": ("2023-12-05", None), "38": ("2024-05-21", None), "39": ("2024-11-26", None),
        "40": ("2025-05-13", None), "41": ("2025-12-15", None), "42": ("2026-05-13", None), "43": ("2026-12-09", None),
    },
    "sles": {
        "11.4": ("2019-03-31", "2022-03-31"), "12.3": ("2019-06-30", "2022-06-30"),
        "12.4": ("2020-06-30", "2023-06-30"), "12.5": ("2024-10-31", "2027-10-31"),
        "15.1": ("2021-01-31", "2024-01-31"), "15.2": ("2021-12-31", "2024-12-31"),
        "15.3": ("2022-12-31", "2025-12-31"), "15.4": ("2023-12-31", "2026-12-31"),
        "15.5": ("2024-12-31", "2027-12-31"), "15.6": ("2025-12-31", "2028-12-31"),
        "15.7": ("2031-07-31", "2034-07-31"),
    },
    "windows": {
        "6.0.6003": ("2020-01-14", "2023-01-10"), "6.1.7601": ("2020-01-14", "2023-01-10"),
        "6.2.9200": ("2023-10-10", "2026-10-13"), "6.3.9600": ("2023-10-10", "2026-10-13"),
        "10.0.14393": ("2027-01-12", "2030-01-12"), "10.0.17763": ("2029-01-09", None),
        "10.0.18362": ("2020-12-08", None), "10.0.18363": ("2021-05-11", None), "10.0.19041": ("2021-12-14", None),
        "10.0.19042": ("2022-08-09", None), "10.0.20348": ("2031-10-14", None), "10.0.25398": ("2025-10-24", None),
        "10.0.26100": ("2034-11-14", None),
    },
}  # fmt: skip
"""Distribution -> version -> (end of free security support, end of paid or community extensions)."""


def end_of_life(name: str, version: str) -> str | None:
    """Return the day on which free security support ends, ISO 8601, or None if that is not known."""
    found = _lifetime(name, version)
    return found[0] if found else None


def extended_end(name: str, version: str) -> str | None:
    """Return the day on which extensions end, ISO 8601, or None if there are none or that is not known."""
    found = _lifetime(name, version)
    return found[1] if found else None


def _lifetime(name: str, version: str) -> tuple[str, str | None] | None:
    """Return the entry of the longest leading part of a version: `3.19.1` is `3.19`, `9.4` is `9`."""
    releases = LIFETIMES.get(name, {})
    parts = version.split(".")
    leading = (".".join(parts[:size]) for size in range(len(parts), 0, -1))
    return next((releases[part] for part in leading if part in releases), None)
