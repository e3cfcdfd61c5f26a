"""Whether others than this machine can reach the site: a demo, whose password is known to all, is not for them."""

from collections.abc import Iterable
from ipaddress import ip_address

LOCAL_NAME = "localhost"


def is_local(host: str) -> bool:
    """Whether a name or an address leads nowhere but to this machine: RFC 6761 keeps names under .localhost for it."""
    name = host.strip().lower().removeprefix("[").removesuffix("]").rstrip(".")
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name.removeprefix(".") == LOCAL_NAME or name.endswith(f".{LOCAL_NAME}")


def why_public(*, https: bool, listens_at: str, names: Iterable[str]) -> str:
    """Why others than this machine may reach the site, as half a sentence, or "" if they cannot."""
    if https:
        return "HTTPS is on"
    if not is_local(listens_at):
        return f"HOST is {listens_at}"
    public = [name for name in names if name.strip() and not is_local(name)]
    return f"ALLOWED_HOSTS has {public[0].strip()}" if public else ""
