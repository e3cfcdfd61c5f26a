"""The clearinghouse that is configured: its addresses and how it knows us."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

LOOPBACK = {"127.0.0.1", "::1", "localhost"}


class NotUsable(ValueError):
    """The settings name no clearinghouse that we would ask; the text says what to change, and shows no key."""


@dataclass(frozen=True)
class Place:
    """Whom we ask. `token_address` is set where a client id and secret are exchanged for a token first (OAuth2).

    `npi` says who asks. `network` is the one under which the directory has the identifiers of payers.
    """

    address: str
    key: str
    token_address: str = ""
    npi: str = ""
    network: str = ""

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
    """The clearinghouse of CLEARINGHOUSE_URL and the other settings of that name; None if none is named.

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
    return Place(address, key, token_address, *_who_asks(settings))


def _who_asks(settings: Mapping[str, str]) -> tuple[str, str]:
    """Our NPI, and the network whose numbers of payers count."""
    npi, network = settings.get("CLEARINGHOUSE_NPI", "").strip(), settings.get("CLEARINGHOUSE_NETWORK", "").strip()
    if not is_npi(npi):
        raise NotUsable("CLEARINGHOUSE_NPI is no NPI. Set it to the ten digits of the facility that asks.")
    if not network:
        raise NotUsable("CLEARINGHOUSE_NETWORK is empty. Set it to the network whose payer numbers count: Stedi.")
    return npi, network


def is_npi(text: str) -> bool:
    """Ten digits, the last of which checks the others: Luhn's sum with 80840 in front (CMS, 45 CFR 162.406)."""
    if not (text.isascii() and text.isdecimal() and len(text) == 10):
        return False
    digits = [int(digit) for digit in reversed(f"80840{text}")]
    return sum(sum(divmod(digit * 2, 10)) if place % 2 else digit for place, digit in enumerate(digits)) % 10 == 0


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
