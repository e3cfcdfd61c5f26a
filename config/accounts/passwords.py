"""Passwords: hashed with Argon2id, and refused when they can be guessed."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from zxcvbn import zxcvbn

# Words that somebody who attacks this site tries first.
EXPECTED = ("quietline", "recovery", "treatment", "admissions", "demo")


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
    GUESSES = 10**14  # at a million Argon2id hashes a second, three years

    def validate(self, password: str, user: User | None = None) -> None:
        """Raises ValidationError."""
        known = [*EXPECTED, user.get_username()] if user else [*EXPECTED]
        if zxcvbn(password[: self.LONGEST], user_inputs=known)["guesses"] < self.GUESSES:
            raise ValidationError(f"This password can be guessed. {self.get_help_text()}", code="password_guessed")

    def get_help_text(self) -> str:
        return "Take four or more words that have nothing to do with each other, with you or with this site."
