"""Passwords: hashed once with Argon2id, refused when they can be guessed, and counted by whose they are."""

import random
import string

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import PBKDF2PasswordHasher, identify_hasher
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from config.accounts.passwords import Argon2id
from tests.factories import make_user

PASSWORD = "violet kettle march tundra"
WRONG = "another kettle march tundra"


@pytest.fixture
def casey(db) -> User:
    user = make_user(username="casey")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def jamie(db) -> User:
    user = make_user(username="jamie")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def hashed(monkeypatch) -> list[str]:
    """What was hashed since, and how."""
    done = []
    for name in ("encode", "verify"):
        method = getattr(Argon2id, name)
        monkeypatch.setattr(Argon2id, name, lambda *args, name=name, method=method: done.append(name) or method(*args))
    return done


def sign_in(client, name: str, password: str, address: str = "203.0.113.7"):
    return client.post("/accounts/login/", {"login": name, "password": password}, REMOTE_ADDR=address)


def test_password_is_hashed_with_argon2id_in_one_lane(casey):
    assert casey.password.startswith("argon2$argon2id$")
    assert ",p=1$" in casey.password


@pytest.mark.parametrize("name", ["casey", "nobody"])
def test_wrong_password_costs_one_hash(client, casey, hashed, name):
    sign_in(client, name, WRONG)

    assert len(hashed) == 1


def test_password_of_an_older_account_is_hashed_anew_at_the_next_sign_in(casey):
    casey.password = PBKDF2PasswordHasher().encode(PASSWORD, "an older salt", 1000)
    casey.save()

    assert authenticate(None, username="casey", password=PASSWORD) == casey

    casey.refresh_from_db()
    assert isinstance(identify_hasher(casey.password), Argon2id)


def test_wrong_passwords_of_one_colleague_do_not_lock_out_the_others_at_that_address(client, casey, jamie):
    for _ in range(30):
        sign_in(client, "casey", WRONG)

    locked, open_still = sign_in(client, "casey", PASSWORD), sign_in(client, "jamie", PASSWORD)

    assert (locked.status_code, open_still.status_code) == (200, 302)


def test_who_tries_many_names_from_one_address_is_stopped(client, jamie):
    for number in range(30):
        sign_in(client, f"name{number}", WRONG)

    answers = [sign_in(client, "jamie", PASSWORD, address).status_code for address in ("203.0.113.7", "203.0.113.8")]

    assert answers == [200, 302]


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password1234567890",
        "qwertyuiopasdfghjkl",
        "1qaz2wsx3edc4rfv5tgb",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "iloveyouiloveyou",
        "P@ssw0rdP@ssw0rd!",
        "Summer2026Summer2026!",
        "quietlinequietline",
        "Quietline-2026-admissions",
        "jamie.jamie.jamie",
        "letmein letmein letmein",
        "123456789012345678",
        "password" * 500,
        "correct horse battery staple",
        "January2026February2026",
        "demo-quietline-demo!!",
        "Desert Willow Recovery",
        "desertwillow-lasvegas",
        "DesertWillow(702)555-0142",
        "7025550142-7025550142",
        "one two three four five six",
        "six.five.four.three.two",
        "31415926535897932384",
        "27182818284590452353",
        "!QAZ2wsx#EDC4rfv%TGB",
        "qaz!WSX@edc#RFV$tgb",
        "tobeornottobethatisthequestion",
        "To be, or not to be: that is 1",
        "thequickbrownfoxjumps",
        "god yzal eht revo spmuj",
        "maytheforcebewithyou",
        "M4yTh3F0rc3B3W1thY0u!",
        "supercalifragilisticexpialidocious",
        "GodGrantMeTheSerenity2026!",
        "one-day-at-a-time-2026",
        "unodostrescuatrocinco",
        "йцукенгшщзфывапролд",
        "8006624357help4357",
        "1-800-662-HELP-4357!",
        "YoullNeverWalkAlone",
        "12stepsandtwelvetraditions",
        "BillWandDrBob1935",
        "oxycodone-fentanyl",
        "zZ1!zZ2@zZ3#zZ4$",
        "!1qQaAzZ@2wWsSxX",
        "ppaasssswwoorrdd11",
        "uiophjklnm,.uiop",
        "привет12345привет",
        "covid19covid19covid",
        "https://www.google.com",
        r"C:\Windows\System32",
        "jamie@gmail.com2026",
    ],
)
def test_password_that_guessers_try_is_refused(password, demo_pages):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="jamie"))


@pytest.mark.parametrize(
    "password",
    [
        PASSWORD,
        "gxkm-29pd-wert-hhj7-mn2k",
        "la cigüeña no paga el tranvía",
        "Ключ лежит под третьей ёлкой",
        "question kettle violet tundra gravel",  # of which one stands in a sentence that everybody knows
        "unlit-saga-plop-december-crumb",
    ],
)
def test_password_of_words_that_have_nothing_to_do_with_each_other_is_taken(password, demo_pages):
    validate_password(password, User(username="jamie"))


def test_random_passwords_of_a_manager_are_taken(demo_pages):
    chance = random.Random(1)
    signs = string.ascii_letters + string.digits + string.punctuation

    for length in (15, 16, 18, 20, 24) * 10:
        validate_password("".join(chance.choice(signs) for _ in range(length)), User(username="jamie"))


def test_password_of_fourteen_characters_is_refused(db):
    with pytest.raises(ValidationError):
        validate_password("gxkm29pdwerthh", User(username="jamie"))


def test_password_that_is_changed_too_often_is_answered_with_words_in_the_usual_page(client, casey):
    client.force_login(casey)
    sent = {"oldpassword": WRONG, "password1": WRONG, "password2": WRONG}

    answers = [client.post("/accounts/password/change/", sent) for _ in range(8)]

    assert (answers[0].status_code, answers[-1].status_code) == (200, 429)
    assert {"error.html"} <= {template.name for template in answers[-1].templates}
