"""What invented visitors send: the same bytes as a browser, and different valid answers each time."""

import random
from collections.abc import Callable
from itertools import count
from urllib.parse import urlencode

from config.edge import addresses

FORM, *_ = addresses.FORM  # the English one
ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"
# Not 702: the demo's own line is there, and nobody can be called on it.
AREA_CODES = "201 202 206 213 303 305 312 404 415 505 512 602 612 617 713 775 801 808 907".split()
SYLLABLES = "an bel cor da el fa gri ho is jo ka lu mar ni or pe qui ros sa ti ul ve wen xi yo zo".split()
ZONES = "America/Los_Angeles America/Denver America/Phoenix America/Chicago America/New_York".split()
BROWSER = (
    "Host: 127.0.0.1:{port}\r\n"
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0\r\n"
    "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r\n"
    "Accept-Language: en-US,en;q=0.5\r\n"
    "Connection: keep-alive\r\n"
    "Sec-Fetch-Dest: document\r\n"
    "Sec-Fetch-Mode: navigate\r\n"
    "Sec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-User: ?1\r\n"
)


def get_article(port: int) -> Callable[[], bytes]:
    """A function that returns the request for the article page."""
    request = f"GET {ARTICLE} HTTP/1.1\r\n{BROWSER.format(port=port)}\r\n".encode()
    return lambda: request


def post_request(port: int) -> Callable[[], bytes]:
    """A function that returns a new person's request for a call at each use."""
    head = (
        f"POST {FORM} HTTP/1.1\r\n{BROWSER.format(port=port)}"
        f"Origin: http://127.0.0.1:{port}\r\nReferer: http://127.0.0.1:{port}{FORM}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {length}\r\n\r\n"
    )
    chance, numbers = random.Random(), count(1)

    def make() -> bytes:
        body = urlencode(answers(chance, next(numbers)))
        return (head.format(length=len(body)) + body).encode()

    return make


def answers(chance: random.Random, number: int) -> list[tuple[str, str]]:
    """One person's answers to every question. The phone numbers are reserved for fiction (555-0100 to 555-0199)."""
    name = "".join(chance.choices(SYLLABLES, k=3)).title() + " " + "".join(chance.choices(SYLLABLES, k=4)).title()
    return [
        ("phone", f"({chance.choice(AREA_CODES)}) 555-01{chance.randrange(100):02d}"),
        ("name", name),
        ("about", chance.choice(["self", "someone_else", "professional"])),
        *(("times", time) for time in chance.sample(["morning", "afternoon", "evening"], 2)),
        ("time_zone", chance.choice(ZONES)),
        ("voicemail", chance.choice(["no", "name_only", "yes"])),
        ("text", chance.choice(["no", "yes"])),
        ("if_other_answers", chance.choice(["hang_up", "ask_for_me"])),
        ("language", chance.choice(["en", "es"])),
        ("note", f"Please ring twice, I may be slow to answer. My question is number {number}."),
        ("consent", "on"),
        ("website", ""),
    ]
