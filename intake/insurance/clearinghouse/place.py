"""The clearinghouse that is configured: its addresses and how it knows us."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NotUsable(ValueError):
    """The settings name no clearinghouse that we would ask; the text says what to change, and shows no key."""


@dataclass(frozen=True)
class Place:
    """Whom we ask. `token_address` is set where a client id and secret are exchanged for a token first (OAuth2)."""

    address: str
    key: str
    token_address: str = ""

    def __repr__(self) -> str:
        return f"Place({urlsplit(self.address).hostname})"

    @property
    def client(self) -> tuple[str, str]:
        """The client id and its secret."""
        name, _, secret = self.key.partition(":")
        return name, secret

    @property
    def is_test(self) -> bool:
        """Whether its answers are made up: Stedi's test keys and Optum's sandbox say so in their names."""
        return self.key.startswith("test_") or (urlsplit(self.address).hostname or "").startswith("sandbox")


def place_of(settings: Mapping[str, str]) -> Place | None:
    """The clearinghouse of CLEARINGHOUSE_URL, CLEARINGHOUSE_KEY and CLEARINGHOUSE_TOKEN_URL; None if none is named.

    Raises NotUsable.
    """
    address, key = settings.get("CLEARINGHOUSE_URL", "").strip(), settings.get("CLEARINGHOUSE_KEY", "").strip()
    token_address = settings.get("CLEARINGHOUSE_TOKEN_URL", "").strip()
    if not address:
        if key or token_address:
            raise NotUsable("CLEARINGHOUSE_URL is empty. Set it to the address that checks are sent to, with its path.")
        return None
    if not key:
        raise NotUsable("CLEARINGHOUSE_KEY is empty. Set it to the key that the clearinghouse gave you.")
    split = _checked("CLEARINGHOUSE_URL", address)
    if not split.path.strip("/"):
        raise NotUsable("CLEARINGHOUSE_URL has no path. Set it to the whole address that checks are sent to.")
    if token_address:
        _checked("CLEARINGHOUSE_TOKEN_URL", token_address)
        if not all(key.partition(":")):
            raise NotUsable("CLEARINGHOUSE_KEY must be the client id and the secret with a colon between them.")
    return Place(address, key, token_address)


def _checked(name: str, address: str) -> SplitResult:
    try:
        split = urlsplit(address)
        port_is_one = split.port is None or split.port > 0
    except ValueError:
        raise NotUsable(f"{name} is no address. It begins with https://") from None
    if not split.hostname or not port_is_one or split.scheme not in ("https", "http"):
        raise NotUsable(f"{name} is no address. It begins with https://")
    if split.scheme == "http" and split.hostname not in LOOPBACK:
        raise NotUsable(f"{name} must begin with https:// because what is sent there names a patient.")
    if split.username or split.query or split.fragment:
        raise NotUsable(f"{name} must hold no key and no question mark. The key is CLEARINGHOUSE_KEY.")
    return split
