"""Passwords: hashed with Argon2id, and refused when they can be guessed."""

import calendar
import re
from functools import cache
from math import inf
from pathlib import Path

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from zxcvbn import zxcvbn

# What somebody who attacks this site tries first, and what zxcvbn's lists lack.
EXPECTED = (
    "quietline recovery treatment admissions demo correct horse battery staple addiction sober sobriety detox rehab "
    "clean heroin fentanyl oxycodone methadone suboxone buprenorphine naloxone narcan vivitrol cocaine meth alcohol "
    "opioid covid covid19 facebook google instagram netflix amazon windows iphone android gmail.com yahoo.com "
    "outlook.com hotmail.com icloud.com http https www"
)
WELL_KNOWN = Path(__file__).with_name("well_known.txt")
RUN = 9  # signs; one word of a sentence may stand in a good password, two beside each other do not
STUTTER, STUTTERS = re.compile(r"(.)\1+"), 0.7  # a password that is so much shorter with each sign once is judged so
UNSHIFTED = str.maketrans("!@#$%^&*()", "1234567890")
AS_LETTERS = str.maketrans("0134578@$!|+", "oieastbasiit")
FROM_CYRILLIC = str.maketrans("йцукенгшщзфывапролдячсмить", "qwertyuiopasdfghjklzxcvbnm")  # by the place of the keys
CALENDAR = [*calendar.month_name, *calendar.month_abbr, *calendar.day_name, *calendar.day_abbr]


class Argon2id(Argon2PasswordHasher):
    """With OWASP's parameters for sign-in (19 MiB, two passes, one lane): a hash must not need every core."""

    time_cost = 2
    memory_cost = 19 * 1024  # KiB
    parallelism = 1


class GuessedPasswords:
    """A validator that refuses what guessers try: leaked passwords, names, keyboard walks and what is made of them.

    NIST SP 800-63B-4, 3.1.1.2 asks for a block list. One of whole passwords holds few of 15 characters; zxcvbn's lists
    of words, names and leaked passwords also find those that were put together from them.
    """

    JUDGED = 40  # characters, of which the first must be hard to guess alone: zxcvbn takes 2.4 s for 72 of the worst
    GUESSES = 2 * 10**12  # eight months at a hundred thousand Argon2id hashes a second, which is some 4,000 cores

    def __init__(self, house: str) -> None:
        """`house` is the place of a function that returns the names and numbers of the facility."""
        self.names_and_numbers = import_string(house)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        password = password[: self.JUDGED]
        name = user.get_username() if user else ""
        house = [name, *self.names_and_numbers()]
        known = words_of(EXPECTED, *CALENDAR, *house)
        as_typed = zxcvbn(password, user_inputs=known)["guesses"]
        least = min(as_typed, guesses_by_words(password, known), guesses_by_heart(password, house))
        if least < self.GUESSES:
            raise ValidationError(f"This password can be guessed. {self.get_help_text()}", code="password_guessed")

    def get_help_text(self) -> str:
        return "Take four or more words that have nothing to do with each other, with you or with this site."


def guesses_by_words(password: str, known: list[str]) -> float:
    """For one of words alone, else infinite: zxcvbn takes each mark or year between them for as much as a word.

    What is left of a random password is no word, and had its marks for a reason.
    """
    texts = {squeeze(password), password.lower().translate(FROM_CYRILLIC)}
    return min((_guesses_of_words(text, known) for text in texts if text), default=inf)


def _guesses_of_words(text: str, known: list[str]) -> float:
    found = zxcvbn(text, user_inputs=known)
    is_of_words = all(each["pattern"] != "bruteforce" for each in found["sequence"])
    return found["guesses"] if is_of_words else inf


def guesses_by_heart(password: str, house: list[str]) -> float:
    """What is left without all that guessers know by heart, if any of that is in it, else infinite."""
    text = password.lower()
    known = well_known() + "\n".join(plain(each) for each in house)
    typed = {plain(text), plain(text.translate(UNSHIFTED)), plain(text.translate(AS_LETTERS))}
    typed.add(plain(text.translate(FROM_CYRILLIC)))
    rests = {rest for each in typed if (rest := without(each, known)) != each}
    rests |= {once for each in typed if len(once := STUTTER.sub(r"\1", each)) <= len(each) * STUTTERS}
    return min((zxcvbn(rest)["guesses"] if rest else 0 for rest in rests), default=inf)


def without(text: str, known: str) -> str:
    """Without each run of RUN signs or more that stands in `known`."""
    rest, at = "", 0
    while at < len(text):
        end = at + RUN
        if end > len(text) or text[at:end] not in known:
            rest, at = rest + text[at], at + 1
            continue
        while end < len(text) and text[at : end + 1] in known:
            end += 1
        at = end
    return rest


@cache
def well_known() -> str:
    lines = WELL_KNOWN.read_text(encoding="utf-8").splitlines()
    text = "\n".join(plain(line) for line in lines if not line.startswith("#")) + "\n"
    calendar_in_order = "\n".join(plain("".join(names)) for names in (calendar.month_name, calendar.day_name)) + "\n"
    return text + text[::-1] + "\n" + calendar_in_order


def plain(text: str) -> str:
    """Only its letters and digits."""
    return re.sub(r"[\W_]+", "", text.lower())


def words_of(*texts: str) -> list[str]:
    """Each text whole, its words, and the same without anything between the words."""
    words = [text.lower() for text in texts if text]
    return [*words, *(part for word in words for part in re.findall(r"\w+", word)), *(squeeze(word) for word in words)]


def squeeze(text: str) -> str:
    """Without marks and years."""
    return re.sub(r"\W+|(19|20)\d\d", "", text)
