"""Kernel parameters as they are after a boot: what files set, else the kernel's own default.

Defaults are of https://docs.kernel.org/networking/ip-sysctl.html and
https://docs.kernel.org/admin-guide/sysctl/kernel.html; where they depend on how a kernel was built, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from poise.model.host.machine import Machine
from poise.model.verdict import Verdict, healthy, not_applicable, unhealthy, unknown

DEFAULTS: Mapping[str, str] = {
    "net.ipv4.ip_forward": "0",
    "net.ipv6.conf.all.forwarding": "0",
    "net.ipv4.conf.all.send_redirects": "1",
    "net.ipv4.conf.default.send_redirects": "1",
    "net.ipv4.conf.all.accept_redirects": "1",
    "net.ipv4.conf.default.accept_redirects": "1",
    "net.ipv6.conf.all.accept_redirects": "1",
    "net.ipv6.conf.default.accept_redirects": "1",
    "net.ipv4.conf.all.secure_redirects": "1",
    "net.ipv4.conf.default.secure_redirects": "1",
    "net.ipv4.conf.all.accept_source_route": "0",
    "net.ipv4.conf.default.accept_source_route": "1",
    "net.ipv6.conf.all.accept_source_route": "0",
    "net.ipv6.conf.default.accept_source_route": "0",
    "net.ipv4.conf.all.log_martians": "0",
    "net.ipv4.conf.default.log_martians": "0",
    "net.ipv4.conf.all.rp_filter": "0",
    "net.ipv4.conf.default.rp_filter": "0",
    "net.ipv4.icmp_echo_ignore_broadcasts": "1",
    "net.ipv4.icmp_ignore_bogus_error_responses": "1",
    "net.ipv4.tcp_syncookies": "1",
    "net.ipv6.conf.all.accept_ra": "1",
    "net.ipv6.conf.default.accept_ra": "1",
    "kernel.randomize_va_space": "2",
    "fs.suid_dumpable": "0",
    "fs.protected_hardlinks": "0",
    "fs.protected_symlinks": "0",
}
"""Parameter -> value where no file sets it."""


def require(machine: Machine, wanted: Mapping[str, tuple[str, ...]], words: tuple[str, str]) -> Verdict:
    """Judge parameters: healthy if each has one of its good values after a boot.

    ``words`` say what good values mean and what bad ones mean. Parameters of IPv6 do not count where it is off.
    """
    stated = machine.sysctl
    has_ipv6 = stated.get("net.ipv6.conf.all.disable_ipv6") != "1"
    seen = {name: _value(stated, name) for name in wanted if has_ipv6 or not name.startswith("net.ipv6.")}
    if not seen:
        return not_applicable("IPv6 is off")
    for name in seen:
        good = wanted[name]
        value = seen[name]
        if value is not None and value not in good:
            source = "is set to" if name in stated else "is not set, and its default is"
            return unhealthy(f"{words[1]}: {name} {source} {value}", seen)
    for name, value in seen.items():
        if value is None:
            return unknown(f"no file sets {name}, and its default depends on how the kernel was built")
    return healthy(words[0], seen)


def _value(stated: Mapping[str, str], name: str) -> str | None:
    """Return the value in force; a line such as `net.ipv4.conf.*.rp_filter` stands for `default` too."""
    pattern = name.replace(".default.", ".*.")
    return stated.get(name, stated.get(pattern, DEFAULTS.get(name)))
