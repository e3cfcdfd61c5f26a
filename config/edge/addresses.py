"""The addresses that more must know than the table they stand in. The tables of config.urls are built from them.

Those of the apps stand in the tables of the apps; a test holds them to what stands here.
"""

DESK, CMS, ACCOUNTS = "/desk/", "/cms/", "/accounts/"
STAFF = (DESK, CMS, ACCOUNTS)
SIGN_IN = "/accounts/login/"
FORM = "/request-a-call/"
RECEIPTS = "/request/"
LEAVE = "/leave"
HEALTHZ, READYZ = "/healthz", "/readyz"


def route(address: str) -> str:
    """An address as Django's path() takes it."""
    return address.removeprefix("/")
