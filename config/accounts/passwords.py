"""Passwords: hashed with Argon2id, and refused when they can be guessed."""

import calendar
import re
from math import inf

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.module_loading import import_string
from zxcvbn import zxcvbn

# What somebody who attacks this site tries first, and what zxcvbn's lists lack.
EXPECTED = "quietline recovery treatment admissions demo correct horse battery staple"
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

    LONGEST = 72  # characters; zxcvbn refuses longer ones
    GUESSES = 2 * 10**12  # eight months at a hundred thousand Argon2id hashes a second, which is some 4,000 cores

    def __init__(self, house: str) -> None:
        """`house` is the place of a function that returns the names and numbers of the facility."""
        self.names_and_numbers = import_string(house)

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        name = user.get_username() if user else ""
        known = words_of(EXPECTED, name, *CALENDAR, *self.names_and_numbers())
        as_typed = zxcvbn(password[: self.LONGEST], user_inputs=known)["guesses"]
        if min(as_typed, guesses_by_words(password, known)) < self.GUESSES:
            raise ValidationError(f"This password can be guessed. {self.get_help_text()}", code="password_guessed")

    def get_help_text(self) -> str:
        return "Take four or more words that have nothing to do with each other, with you or with this site."


def guesses_by_words(password: str, known: list[str]) -> float:
    """For one of words alone, else infinite: zxcvbn takes each mark or year between them for as much as a word.

    What is left of a random password is no word, and had its marks for a reason.
    """
    text = squeeze(password)[: GuessedPasswords.LONGEST]
    found = zxcvbn(text, user_inputs=known) if text else {"sequence": []}
    is_of_words = found["sequence"] and all(each["pattern"] != "bruteforce" for each in found["sequence"])
    return found["guesses"] if is_of_words else inf


def words_of(*texts: str) -> list[str]:
    """Each text whole, its words, and the same without anything between the words."""
    words = [text.lower() for text in texts if text]
    return [*words, *(part for word in words for part in re.findall(r"\w+", word)), *(squeeze(word) for word in words)]


def squeeze(text: str) -> str:
    """Without marks and years."""
    return re.sub(r"\W+|(19|20)\d\d", "", text)
