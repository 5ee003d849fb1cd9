"""Kernel parameters as they are after a boot: what files set, else the kernel's own default.

Defaults are of https://docs.kernel.org/networking/ip-sysctl.html and
https://docs.kernel.org/admin-guide/sysctl/kernel.html; where they depend on how a kernel was built, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping

from poise.model.host.machine import Machine
from poise.model.verdict import Verdict, healthy, unhealthy, unknown

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

    ``words`` say what good values mean and what bad ones mean.
    """
    stated = machine.sysctl
    seen = {name: stated.get(name, DEFAULTS.get(name)) for name in wanted}
    for name, good in wanted.items():
        value = seen[name]
        if value is not None and value not in good:
            source = "is set to" if name in stated else "is not set, and its default is"
            return unhealthy(f"{words[1]}: {name} {source} {value}", seen)
    for name, value in seen.items():
        if value is None:
            return unknown(f"no file sets {name}, and its default depends on how the kernel was built")
    return healthy(words[0], seen)
