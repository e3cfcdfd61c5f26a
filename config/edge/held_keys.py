"""Which secrets a process of each role holds (docs/decisions/0003), and none of another role."""

from collections.abc import MutableMapping

PAIR = ("INTAKE_PUBLIC_KEY", "INTAKE_PRIVATE_KEYS")
SECRETS = ("SECRET_KEY", *PAIR, "DATA_KEYS", "INDEX_KEY")
# Without these, what is stored stays shut for ever: requests, personal fields, second factors.
OPENING = ("SECRET_KEY", "INTAKE_PRIVATE_KEYS", "DATA_KEYS", "INDEX_KEY")
HELD = {
    "site": ("SECRET_KEY", "INTAKE_PUBLIC_KEY"),
    "cms": ("SECRET_KEY",),
    "desk": OPENING,
    "worker": OPENING,
    "all": SECRETS,
}
# What others gave us a key for, and only these roles use. It is never made here.
GIVEN = ("CLEARINGHOUSE_KEY",)
USE_GIVEN = ("desk", "worker", "all")
IS_READ = "QUIETLINE_ENVIRONMENT_IS_READ"  # set once .env was read: a process started with it reads that no more


def put_away(environment: MutableMapping[str, str], role: str) -> list[str]:
    """Take out of an environment the secrets of other roles; returns their names."""
    others = [name for name in SECRETS if name in environment and name not in HELD.get(role, SECRETS)]
    if role in HELD and role not in USE_GIVEN:
        others += [name for name in GIVEN if name in environment]
    for name in others:
        del environment[name]
    return others
