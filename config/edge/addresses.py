"""Addresses that are needed outside the tables of addresses too. The tables of config.urls are built from them.

The apps repeat theirs in their own tables; a test checks that they agree.
"""

import re

DESK, CMS, ACCOUNTS = "/desk/", "/cms/", "/accounts/"
STAFF = (DESK, CMS, ACCOUNTS)
SIGN_IN = "/accounts/login/"
FORM = "/request-a-call/"
RECEIPTS = "/request/"
# Takes a photo of an insurance card.
CARD = re.compile(rf"{RECEIPTS}(?P<token>[\w-]{{1,64}})/insurance/(front|back)/", re.ASCII)
LEAVE = "/leave"
HEALTHZ, READYZ = "/healthz", "/readyz"


def route(address: str) -> str:
    """An address as Django's path() takes it."""
    return address.removeprefix("/")
