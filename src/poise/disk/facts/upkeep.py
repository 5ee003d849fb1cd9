"""Audit log, clock, log lines and updates.

Sources: auditd.conf(5), augenrules(8) (rules of the folder, by name), chrony.conf(5), ntp.conf(5), timesyncd.conf(5),
journald.conf(5), apt.conf(5), dnf-automatic(8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from poise.disk.facts.keywords import drop_ins, sections, switches
from poise.disk.facts.reading import Reading
from poise.disk.facts.redact import without_passwords
from poise.disk.facts.services import starts
from poise.model.host.system import Audit, Logging, TimeSync, Updates

AUDITD = ("/sbin/auditd", "/usr/sbin/auditd")
MOST_RULES = 1000
MOST_LOG_LINES = 300
CLOCKS = {
    "chrony": (("/etc/chrony/chrony.conf", "/etc/chrony.conf"), ("/etc/chrony/conf.d",
    "/etc/chrony/sources.d", "/etc/chrony.d"),
               ("chrony", "chronyd")),
    "ntp": (("/etc/ntp.conf",), (), ("ntp", "ntpd")),
    "ntpsec": (("/etc/ntpsec/ntp.conf",), (), ("ntpsec",)),
    "openntpd": (("/etc/openntpd/ntpd.conf", "/etc/ntpd.conf"), (), ("openntpd",)),
}  # fmt: skip
"""Program -> its files, its folders, its services."""
SERVER = re.compile(r"(?:server|pool|peer|servers)\s+(\S+)")
TIMESYNCD = ("/usr/lib/systemd/systemd-timesyncd", "/lib/systemd/systemd-timesyncd")
APT_PERIODIC = re.compile(r"APT::Periodic::Unattended-Upgrade\s+\"(\d+|always)\"")
REPOSITORIES = ("/etc/yum.repos.d", "/etc/zypp/repos.d")


def read_audit(reading: Reading) -> Audit:
    """Return how the kernel's audit log is set up. Raises :class:`Unreadable`."""
    paths = reading.files("/etc/audit/rules.d", "*.rules") or ["/etc/audit/audit.rules"]
    rules = [" ".join(line.text.split()) for path in paths for line in reading.lines(path)]
    settings = switches(reading.lines("/etc/audit/auditd.conf"))
    return Audit(
        installed=any(reading.is_file(path) for path in AUDITD),
        starts=starts(reading, "auditd"),
        settings={name.lower(): value for name, value in settings.items()},
        rules=reading.first("/etc/audit/rules.d", "rules", rules, MOST_RULES),
    )


def read_time_sync(reading: Reading) -> tuple[TimeSync, ...]:
    """Return the programs that set the clock, of those that have a configuration. Raises :class:`Unreadable`."""
    found = []
    for program, (files, folders, services) in CLOCKS.items():
        paths = [path for path in files if reading.is_file(path)]
        added = [path for folder in folders for path in reading.files(folder)] if paths else []
        lines = [line for path in (*paths, *added) for line in reading.lines(path, "#!;%")]
        servers = tuple(match[1] for line in lines if (match := SERVER.match(line.text)))
        if paths:
            found.append(TimeSync(program=program, starts=starts(reading, *services), servers=servers, place=paths[0]))
    if any(reading.is_file(path) for path in TIMESYNCD):
        values = drop_ins(reading, "timesyncd.conf")
        servers = tuple(f"{values.get('ntp', '')} {values.get('fallbackntp', '')}".split())
        does_start = starts(reading, "systemd-timesyncd")
        found.append(
            TimeSync(
                program="systemd-timesyncd", starts=does_start, servers=servers, place="/etc/systemd/timesyncd.conf"
            )
        )
    return tuple(found)


def read_logging(reading: Reading) -> Logging:
    """Return where log lines go. Raises :class:`Unreadable`."""
    paths = ["/etc/rsyslog.conf", *reading.files("/etc/rsyslog.d", "*.conf")]
    lines = [without_passwords(line.text) for path in paths for line in reading.lines(path)]
    files = ["/etc/security/limits.conf", *reading.files("/etc/security/limits.d", "*.conf")]
    limits = [" ".join(line.text.split()) for path in files for line in reading.lines(path)]
    return Logging(
        journald=drop_ins(reading, "journald.conf"),
        rsyslog=reading.first("/etc/rsyslog.conf", "lines", lines, MOST_LOG_LINES),
        rsyslog_starts=starts(reading, "rsyslog"),
        logrotate=reading.is_file("/etc/logrotate.conf") or reading.is_file("/usr/etc/logrotate.conf"),
        coredump=drop_ins(reading, "coredump.conf"),
        limits=reading.first(files[0], "lines", limits, MOST_RULES),
    )


def read_updates(reading: Reading) -> Updates:
    """Return how updates come in. Raises :class:`Unreadable`."""
    automatic, place = _automatic(reading)
    sources = list(dict.fromkeys(without_passwords(address) for address in _sources(reading)))
    return Updates(
        automatic=automatic,
        place=place,
        signatures=dict(_signatures(reading)),
        sources=reading.first("package sources", "addresses", sources, MOST_RULES),
    )


def _automatic(reading: Reading) -> tuple[bool | None, str]:
    """Return whether updates install themselves, and the file that says so; of apt's files the last wins."""
    found: tuple[bool | None, str] = (None, "")
    for path in reading.files("/etc/apt/apt.conf.d"):
        for match in APT_PERIODIC.finditer("\n".join(line.text for line in reading.lines(path, "#/"))):
            found = (match[1] != "0", path)
    if found[0] is not None or reading.is_folder("/etc/apt"):
        return found if found[0] is not None else (False, "")
    for path in ("/etc/dnf/automatic.conf", "/etc/yum/yum-cron.conf"):
        values = sections(reading.lines(path, "#;")).get("commands", {}).get("apply_updates", [])
        if values:
            timers = starts(reading, "dnf-automatic.timer", "dnf-automatic-install.timer", "yum-cron")
            return values[-1].lower() in ("yes", "true", "1") and timers is not False, path
    return (False, "") if reading.is_folder("/etc/yum.repos.d") else (None, "")


def _signatures(reading: Reading) -> Iterator[tuple[str, str]]:
    paths = [
        "/etc/yum.conf",
        "/etc/dnf/dnf.conf",
        *(p for folder in REPOSITORIES for p in reading.files(folder, "*.repo")),
    ]
    for path in dict.fromkeys(paths):
        for name, values in sections(reading.lines(path, "#;")).items():
            if values.get("gpgcheck") and values.get("enabled", ["1"])[-1:] != ["0"]:
                yield f"{path} [{name}]", values["gpgcheck"][-1]
    for path in ["/etc/apt/sources.list", *reading.files("/etc/apt/sources.list.d")]:
        for line in reading.lines(path):
            if re.search(r"\[[^\]]*trusted=yes|^Trusted:\s*yes", line.text, re.IGNORECASE):
                yield line.place, "trusted=yes"
    for path in reading.files("/etc/apt/apt.conf.d"):
        for line in reading.lines(path, "#/"):
            if re.match(
                r"(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)\s+\"?(?:1|true|yes)", line.text
            ):
                yield line.place, "unsigned allowed"


def _sources(reading: Reading) -> Iterator[str]:
    for path in ["/etc/apt/sources.list", *reading.files("/etc/apt/sources.list.d")]:
        for line in reading.lines(path):
            match = re.match(r"deb\s+(?:\[[^\]]*\]\s+)?(\S+)", line.text)
            if match:
                yield match[1]
            elif line.text.startswith("URIs:"):
                yield from line.text.split()[1:]
    for path in (p for folder in REPOSITORIES for p in reading.files(folder, "*.repo")):
        for values in sections(reading.lines(path, "#;")).values():
            for key in ("baseurl", "mirrorlist", "metalink"):
                yield from values.get(key, []) if values.get("enabled", ["1"])[-1:] != ["0"] else []
    yield from (line.text.split()[-1] for line in reading.lines("/etc/apk/repositories"))
