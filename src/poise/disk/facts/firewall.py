"""Packet filters as configured: nftables, iptables-save files, ufw and firewalld.

Sources: nft(8), iptables-save(8), ufw(8), firewalld.zone(5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from poise.disk.facts.keywords import assignments
from poise.disk.facts.reading import Line, Reading
from poise.disk.facts.services import starts
from poise.model.host.system import Firewall

IPTABLES = {
    "/etc/iptables/rules.v4": "iptables", "/etc/sysconfig/iptables": "iptables", "/etc/iptables.rules": "iptables",
    "/etc/iptables/iptables.rules": "iptables", "/etc/iptables/rules-save": "iptables",
    "/etc/iptables/rules.v6": "ip6tables", "/etc/sysconfig/ip6tables": "ip6tables",
}  # fmt: skip
IPTABLES_SERVICES = ("netfilter-persistent", "iptables", "iptables-persistent", "ip6tables")
NFTABLES = ("/etc/nftables.conf", "/etc/sysconfig/nftables.conf", "/etc/nftables.nft")
MOST_RULES = 500
HOOK = re.compile(r"type\s+filter\s+hook\s+(?P<hook>input|forward|output)\b[^;]*;\s*(?:policy\s+(?P<policy>\w+)\s*;)?")
UFW_NAMES = {"input": "DEFAULT_INPUT_POLICY", "forward": "DEFAULT_FORWARD_POLICY", "output": "DEFAULT_OUTPUT_POLICY"}
DEEPEST = 8


def read_firewalls(reading: Reading) -> tuple[Firewall, ...]:
    """Return the packet filters that have a configuration. Raises :class:`Unreadable`."""
    return (*_nftables(reading), *_iptables(reading), *_ufw(reading), *_firewalld(reading))


def _nftables(reading: Reading) -> Iterator[Firewall]:
    for path in NFTABLES:
        lines = list(_nft_lines(reading, path, DEEPEST))
        if not lines:
            continue
        found = {m["hook"]: m["policy"] or "accept" for m in HOOK.finditer(" ".join(line.text for line in lines))}
        rules = [text for line in lines if (text := line.text.rstrip("{} ")) and not _is_frame(text)]
        yield _firewall(reading, ("nftables", path), found, rules, starts(reading, "nftables"))


def _is_frame(text: str) -> bool:
    return text.startswith(("table ", "chain ", "#!", "flush ", "include ", "type filter hook"))


def _nft_lines(reading: Reading, path: str, deepest: int) -> Iterator[Line]:
    for line in reading.lines(path):
        include = re.match(r'include\s+"([^"]+)"', line.text)
        if include is None:
            yield line
            continue
        target = include[1] if include[1].startswith("/") else f"{path.rpartition('/')[0]}/{include[1]}"
        for inner in reading.glob(target) if deepest else ():
            yield from _nft_lines(reading, inner, deepest - 1)


def _iptables(reading: Reading) -> Iterator[Firewall]:
    for path, tool in IPTABLES.items():
        lines = reading.lines(path)
        if not lines:
            continue
        table, found, rules = "", {}, []
        for line in lines:
            table = line.text[1:] if line.text.startswith("*") else table
            policy = re.match(r":(INPUT|FORWARD|OUTPUT)\s+(\w+)", line.text)
            if table == "filter" and policy:
                found[policy[1].lower()] = policy[2].lower()
            elif table == "filter" and line.text.startswith("-"):
                rules.append(line.text)
        yield _firewall(reading, (tool, path), found, rules, starts(reading, *IPTABLES_SERVICES))


def _ufw(reading: Reading) -> Iterator[Firewall]:
    if not reading.is_file("/etc/ufw/ufw.conf"):
        return
    enabled = assignments(reading.lines("/etc/ufw/ufw.conf")).get("ENABLED", "no").lower() == "yes"
    defaults = assignments(reading.lines("/etc/default/ufw"))
    found = {hook: defaults.get(name, "").lower() for hook, name in UFW_NAMES.items()}
    paths = ("/etc/ufw/user.rules", "/etc/ufw/user6.rules", "/var/lib/ufw/user.rules", "/var/lib/ufw/user6.rules")
    rules = [line.text.removeprefix("### tuple ### ") for path in paths for line in reading.all_lines(path)
             if line.text.startswith("### tuple ###")]  # fmt: skip
    service = starts(reading, "ufw")
    yield _firewall(reading, ("ufw", "/etc/ufw/ufw.conf"), found, rules, enabled and service is not False)


def _firewalld(reading: Reading) -> Iterator[Firewall]:
    config = "/etc/firewalld/firewalld.conf"
    if not reading.is_file(config):
        return
    zone = assignments(reading.lines(config)).get("DefaultZone", "public")
    places = [
        p for p in (f"/etc/firewalld/zones/{zone}.xml", f"/usr/lib/firewalld/zones/{zone}.xml") if reading.is_file(p)
    ]
    text = reading.text(places[0]) or "" if places else ""
    target = re.search(r"<zone\b[^>]*\btarget=\"([^\"]*)\"", text)
    policy = {"ACCEPT": "accept", "DROP": "drop"}.get(target[1] if target else "", "reject")
    rules = [
        f"{m[1]} {m[2]}".strip() for m in re.finditer(r"<(service|port|rule|source|interface)\b\s*([^>]*?)/?>", text)
    ]
    found = {"input": policy if places else "", "forward": policy if places else "", "output": "accept"}
    yield _firewall(reading, ("firewalld", places[0] if places else config), found, rules, starts(reading, "firewalld"))


def _firewall(
    reading: Reading, what: tuple[str, str], policies: dict[str, str], rules: list[str], does_start: bool | None
) -> Firewall:
    if len(rules) > MOST_RULES:
        reading.miss(what[1], f"more than {MOST_RULES} rules: the rest is not listed")
    made = partial(
        Firewall, tool=what[0], place=what[1], starts=does_start, rules=tuple(r[:300] for r in rules[:MOST_RULES])
    )
    return made(
        input_policy=policies.get("input", ""),
        forward_policy=policies.get("forward", ""),
        output_policy=policies.get("output", ""),
    )
