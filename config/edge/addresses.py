"""Addresses that are needed outside the tables of addresses too. The tables of config.urls are built from them.

The apps repeat theirs in their own tables; a test checks that they agree.
"""

import re

DESK, CMS, ACCOUNTS = "/desk/", "/cms/", "/accounts/"
STAFF = (DESK, CMS, ACCOUNTS)
SIGN_IN = "/accounts/login/"
SPANISH = "/es/"  # in front of an address of visitors; English has nothing in front
FORM, RECEIPTS, LEAVE = (
    (address, f"{SPANISH}{address[1:]}") for address in ("/request-a-call/", "/request/", "/leave")
)
# Takes a photo of an insurance card.
CARD = re.compile(rf"({'|'.join(RECEIPTS)})(?P<token>[\w-]{{1,64}})/insurance/(front|back)/", re.ASCII)
HEALTHZ, READYZ = "/healthz", "/readyz"


def language_of(path: str) -> str:
    """The address alone decides: no cookie and no header of a browser does."""
    return "es" if path.startswith(SPANISH) else "en"


def route(address: str) -> str:
    """An address as Django's path() takes it."""
    return address.removeprefix("/")
