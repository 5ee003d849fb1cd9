"""Keeps calls that people ask for away from what only the server can reach.

A name is resolved once, every address that it has is looked at, and the call goes to an address that was looked at: a
name that means something else a moment later changes nothing. An IPv4 address inside an IPv6 one is taken out first.

Source: OWASP, Server-Side Request Forgery Prevention Cheat Sheet; RFC 4291, 3056, 4380, 6052, 7915 (IPv4 in IPv6);
IANA's registries of special-purpose addresses (iana.org/assignments/iana-ipv6-special-registry).
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from poise.notify.delivery import NotDelivered

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port -> its addresses. Raises ``OSError``."""
METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            *("169.254.169.254", "fd00:ec2::254", "fd20:ce::254", "168.63.129.16", "100.100.100.200", "192.0.0.192"),
            *("169.254.170.2", "169.254.170.23", "fd00:ec2::23"),
        ),
    )
)
"""Services that give credentials to the machine that asks; no list allows them."""
NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
TRANSLATED = ipaddress.IPv6Network("::ffff:0:0:0/96")

NOT_PUBLIC = tuple(
    map(ipaddress.ip_network, ("fec0::/10", "64:ff9b:1::/48", "3fff::/20", "5f00::/16", "192.88.99.0/24"))
)
"""Networks within sites (RFC 3879, 8215, 9602), for examples (9637) and given up (7526), which not every release of
Python knows."""


@dataclass(frozen=True)
class Pinned:
    """A place that may be called."""

    scheme: str
    host: str
    """The name, for the certificate and the `Host` header."""
    address: str
    """The address that was looked at."""
    port: int
    target: str
    """Path and query."""

    @property
    def url(self) -> str:
        """The address to call."""
        shown = f"[{self.address}]" if ":" in self.address else self.address
        return f"{self.scheme}://{shown}:{self.port}{self.target}"

    @property
    def host_header(self) -> str:
        """What the receiver is called."""
        shown = f"[{self.host}]" if ":" in self.host else self.host
        usual = {"https": 443, "http": 80}[self.scheme]
        return shown if self.port == usual else f"{shown}:{self.port}"


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def pinned(url: str, allowed: Sequence[str] = (), resolver: Resolver = resolve) -> Pinned:
    """Return where a call to a URL may go. Raises :class:`NotDelivered`, final, for a URL that may not be called."""
    parts, host, port = _parts(url)
    is_named = host.lower() in {name.lower() for name in allowed}
    try:
        texts = resolver(host, port)
    except (OSError, UnicodeError) as problem:
        raise NotDelivered(f"The name {host} cannot be resolved.") from problem
    addresses = [ipaddress.ip_address(text.partition("%")[0]) for text in texts]
    if not addresses:
        raise NotDelivered(f"The name {host} has no address.")
    for address in addresses:
        _require_open(host, address, allowed, is_named=is_named)
    if parts.scheme == "http" and not (is_named or all(_is_in(address, allowed) for address in addresses)):
        raise _refused(f"{host} would be called without TLS", "Use https, or add it to notify.allow.")
    target = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    return Pinned(parts.scheme, host, str(addresses[0]), port, target)


def _parts(url: str) -> tuple[SplitResult, str, int]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as problem:
        raise _refused("The address is no URL", "Give one that begins with https://.") from problem
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme not in ("http", "https") or not host or not is_plain:
        raise _refused("The address is no URL that can be called", "Give one that begins with https://.")
    if parts.username is not None or parts.password is not None:
        raise _refused("The address holds a user or a password", "Give them apart from it.")
    return parts, host, port or (443 if parts.scheme == "https" else 80)


def _require_open(host: str, address: Address, allowed: Sequence[str], *, is_named: bool) -> None:
    for each in _meanings(address):
        if each in METADATA:
            raise _refused(f"{host} is {each}, which gives out credentials of the machine", "It is never called.")
        if not is_public(each) and not is_named and not _is_in(each, allowed):
            raise _refused(
                f"{host} is {each}, which is not public", "Add the name or its network to notify.allow if it is meant."
            )


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet at large."""
    if any(address in network for network in NOT_PUBLIC):
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _meanings(address: Address) -> Iterator[Address]:
    """Yield an address, or the IPv4 addresses that it stands for where it stands for some."""
    if isinstance(address, ipaddress.IPv4Address):
        yield address
        return
    inner: list[Address] = [each for each in (address.ipv4_mapped, address.sixtofour) if each is not None]
    inner += address.teredo or ()
    if any(address in network for network in (*NAT64, TRANSLATED)) or 1 < int(address) <= 0xFFFFFFFF:
        inner.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.ipv4_mapped is None:
        yield address
    yield from inner


def _is_in(address: Address, allowed: Sequence[str]) -> bool:
    for text in allowed:
        try:
            network = ipaddress.ip_network(text, strict=False)
        except ValueError:
            continue  # a name
        if address.version == network.version and address in network:
            return True
    return False


def _refused(what: str, do: str) -> NotDelivered:
    return NotDelivered(f"{what}.", do, is_final=True)
