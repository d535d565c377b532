"""Judges where an address on the web leads before anybody connects to it: never into our own network (SSRF).

Neighbour: fetching connects to exactly the addresses that were judged here, and asks the name server only once.
"""

from __future__ import annotations

import concurrent.futures
import ipaddress
import re
import socket
from collections.abc import Callable, Iterable
from typing import Final

import httpx

IP = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Iterable[str]]
"""Asks for the IP addresses of a host name; raises OSError where it has none."""

PORTS: Final = {"http": 80, "https": 443}
LONGEST: Final = 2000  # characters of an address
_GLOBAL: Final = ipaddress.ip_network("2000::/3")  # the only part of IPv6 that is routed for all (RFC 4291)
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits
_HOST: Final = re.compile(r"[A-Za-z0-9._-]{1,253}|[0-9A-Fa-f:.]{2,45}")
_resolvers = concurrent.futures.ThreadPoolExecutor(max_workers=4, thread_name_prefix="resolver")


class BadAddress(Exception):
    """This is no web address that anybody could open by the ordinary ports."""


class LeadsInside(Exception):
    """The address leads into a network that is not open to all; nothing was sent there."""


class NoSuchName(Exception):
    """The name server knows no such host, or did not answer in time."""


def check(url: httpx.URL, allowed: frozenset[str], *, secure: bool = False) -> None:
    """Scheme, port and form of an address. `allowed` names host:port pairs that are let through whatever they are.

    `secure` refuses plain http.

    Raises BadAddress.
    """
    host = url.raw_host.decode("ascii")
    if len(str(url)) > LONGEST or url.scheme not in PORTS or not _HOST.fullmatch(host) or url.userinfo:
        raise BadAddress(str(url)[:200])
    let_through = pair(url.host, port_of(url)) in allowed
    if (port_of(url) != PORTS[url.scheme] or (secure and url.scheme != "https")) and not let_through:
        raise BadAddress(str(url)[:200])


def port_of(url: httpx.URL) -> int:
    """The port that it names, or its scheme's own."""
    return url.port or PORTS[url.scheme]


def pair(host: str, port: int) -> str:
    """Host and port as settings name them."""
    return f"{host.lower()}:{port}"


def judged(host: str, port: int, allowed: frozenset[str], resolve: Resolve) -> list[str]:
    """The IP addresses behind a host, all of them open to everybody. Raises NoSuchName, and LeadsInside if any is not."""
    try:
        found = list(dict.fromkeys(resolve(host, port)))
    except (OSError, UnicodeError) as error:
        raise NoSuchName(str(error)) from error
    if not found:
        raise NoSuchName(host)
    if pair(host, port) not in allowed:
        for one in found:
            if not is_open(one):
                raise LeadsInside(f"{host} → {one}")
    return found


def is_open(address: str) -> bool:
    """Whether an IP address is routed for everybody: no private, loopback, link-local, multicast or reserved one.

    An IPv4 address inside an IPv6 one (mapped, 6to4, Teredo, NAT64) is judged as what it is.
    """
    try:
        ip: IP = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = _inside(ip)
        if inner is None:
            return ip in _GLOBAL and ip.is_global and not ip.is_multicast
        ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _inside(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    if ip in _NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.teredo is not None:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour


def ask_name_server(host: str, port: int, *, timeout: float = 5.0) -> list[str]:
    """The IP addresses of a host, by the machine's own resolver. Raises OSError, also after `timeout` seconds."""
    asked = _resolvers.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    try:
        return [str(one[4][0]) for one in asked.result(timeout)]
    except concurrent.futures.TimeoutError as error:
        asked.cancel()
        raise OSError(f"The name server did not answer about {host} within {timeout:.0f} s.") from error
