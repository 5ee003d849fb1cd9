"""Kernel parameters as they are after a boot: what files set, else the kernel's own default; and its modules.

Defaults are of https://docs.kernel.org/networking/ip-sysctl.html,
https://docs.kernel.org/admin-guide/sysctl/kernel.html and https://docs.kernel.org/admin-guide/sysctl/fs.html; where
they depend on how a kernel was built, nothing is known. So it is with the protection of links: off in the kernel's
own sources since 3.7, on in those of Debian and Gentoo (`fs-enable-link-security-restrictions-by-default.patch`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def keep_out(machine: Machine, names: Sequence[str], kept_out: str) -> Verdict:
    """Judge modules: healthy, in the words ``kept_out``, if none of them is there or `modprobe` would load none."""
    found = machine.kernel_modules
    built_in = [name for name in names if name in found.built_in]
    if built_in:
        return unhealthy(f"{', '.join(built_in)} is part of the kernel", built_in)
    free = [name for name in names if name not in found.disabled]
    if free and found.present is None:
        return unknown("which modules the kernel has is not known: there is none in /lib/modules")
    loadable = [name for name in free if name in (found.present or ())]
    if loadable:
        return unhealthy(f"{', '.join(loadable)} can be loaded", loadable)
    return healthy(kept_out, {name: "kept out" if name in found.disabled else "not there" for name in names})


def _value(stated: Mapping[str, str], name: str) -> str | None:
    """Return the value in force; a line such as `net.ipv4.conf.*.rp_filter` stands for `default` too."""
    pattern = name.replace(".default.", ".*.")
    return stated.get(name, stated.get(pattern, DEFAULTS.get(name)))
