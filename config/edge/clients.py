"""Whom a request comes from, as far as that can be known: to give each a share, never to keep or to show it."""

import re
from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings

HOUSEHOLD = 64  # bits of an IPv6 address that one customer has; the rest is theirs to change at will
UNKNOWN = "unknown"
WITH_PORT = re.compile(r"^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d+)?$", re.IGNORECASE)  # as some proxies write it


def client_of(environ: Mapping[str, str]) -> str:
    """An IPv4 address, or the network of an IPv6 one. `X-Forwarded-For` counts as far back as our own proxies wrote it.

    A header that is shorter than that, or is no address, did not come through them: all of those share one name.
    """
    proxies = settings.TRUSTED_PROXY_COUNT
    hops = [*environ.get("HTTP_X_FORWARDED_FOR", "").split(","), environ.get("REMOTE_ADDR", "")]
    try:
        address = ip_address(WITH_PORT.sub(r"\1\2", hops[-1 - proxies].strip()))
    except (IndexError, ValueError):
        return UNKNOWN
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), HOUSEHOLD), strict=False))
    return str(address)
