"""Asks whether an address on the web still answers, and never one that is not public.

Whoever may enter a source could otherwise have this server ask machines that only it can reach. So the name is
resolved here, every address it has must be public, and the request goes to an address that was looked at.
"""

import asyncio
import socket
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx
from django.conf import settings

ALL_IN_ALL = 30  # seconds for one link, however slowly its server sends
EACH = 10  # seconds for a connection, or until the next byte
MOST_REDIRECTS = 5
FOR_GOOD = (301, 308)
NAT64 = IPv6Network("64:ff9b::/96")  # an IPv4 address within one of IPv6, which may be any
AGENT = "Quietline link check (once a night)"


class NotAsked(Exception):
    """The address is none that this server may ask."""


@dataclass(frozen=True)
class Answer:
    """What came of it: a status of HTTP, and where it was found if it moved for good."""

    status: int
    moved_to: str = ""


def ask(url: str) -> Answer:
    """Raises NotAsked; httpx.HTTPError, OSError or TimeoutError when nothing usable answers."""
    return asyncio.run(_ask(url))


async def _ask(url: str) -> Answer:
    async with (
        asyncio.timeout(ALL_IN_ALL),
        # No proxy of the environment: the address that was looked at must be the one that is asked.
        httpx.AsyncClient(timeout=EACH, trust_env=False, headers={"User-Agent": AGENT}) as client,
    ):
        at, moved_to = httpx.URL(url), ""
        for _ in range(MOST_REDIRECTS + 1):
            response = await _ask_once(client, at)
            if not response.has_redirect_location:
                return Answer(response.status_code, moved_to)
            at = at.join(response.headers["Location"])
            if response.status_code in FOR_GOOD:
                moved_to = str(at)
        raise httpx.TooManyRedirects(f"More than {MOST_REDIRECTS} redirects.")


async def _ask_once(client: httpx.AsyncClient, url: httpx.URL) -> httpx.Response:
    """Only the head of the answer is read: how large the page is does not matter."""
    *others, last = await _public_addresses(url)
    for address in others:
        with suppress(httpx.ConnectError, httpx.ConnectTimeout):
            return await _ask_at(client, url, address)
    return await _ask_at(client, url, last)


async def _ask_at(client: httpx.AsyncClient, url: httpx.URL, address: str) -> httpx.Response:
    request = client.build_request(
        "GET",
        url.copy_with(host=address, username=None, password=None, fragment=None),
        headers={"Host": url.netloc.decode("ascii")},
        extensions={"sni_hostname": url.raw_host.decode("ascii")},
    )
    response = await client.send(request, stream=True)
    await response.aclose()
    return response


async def _public_addresses(url: httpx.URL) -> list[str]:
    """Those of the host, one or more. Raises NotAsked if any of them is not public; OSError if it has none."""
    if url.scheme not in ("http", "https") or not url.host:
        raise NotAsked(f"Links start with http or https, not {url.scheme!r}.")
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    host = url.raw_host.decode("ascii")
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = list(dict.fromkeys(str(where[0]) for *_, where in found))
    if any(not is_public(address) for address in addresses):
        raise NotAsked(f"{host} is not a public host.")
    return addresses


def is_public(address: str) -> bool:
    """Whether anybody on the internet could ask it. Tests allow loopback by a setting."""
    if address in settings.LINK_CHECK_ALSO_ASKS:
        return True
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and (ip.ipv4_mapped or ip.sixtofour or ip.teredo or ip in NAT64):
        return False
    return ip.is_global and not ip.is_multicast
