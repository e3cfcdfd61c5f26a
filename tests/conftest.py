"""What every test relies on: nothing is known from the test before, and roles exist where a test asks for them."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import override_settings

from config.accounts.roles import load_roles
from config.launch.catalogues import make_catalogues
from facilities import facts
from intake.callbacks import canary
from intake.privacy import keys
from tests.demo_pages import demo_pages, demo_tables  # noqa: F401 - fixtures for every test


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Two groups run side by side, each in its own order: one waits for browsers and starts, one computes."""
    for item in items:
        is_slow = item.get_closest_marker("browser") or item.get_closest_marker("start")
        item.add_marker(pytest.mark.xdist_group("real" if is_slow else "unit"))


@pytest.fixture(scope="session", autouse=True)
def _static_files_without_a_manifest():
    """The manifest is made by collectstatic; these tests read pages, and the browser tests read the styles too."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    with override_settings(STORAGES={**settings.STORAGES, "staticfiles": plain}):
        yield


@pytest.fixture(scope="session", autouse=True)
def _catalogues():
    """A start makes them; these tests read pages in Spanish too."""
    make_catalogues(settings.LOCALE_PATHS[0])


@pytest.fixture(scope="session", autouse=True)
def _nobodys_servers_are_asked_and_the_form_is_live():
    """By night, each round of the worker would start to look at links, and a new site takes nothing: tests of these
    say so."""
    with override_settings(CHECKS_LINKS=False, FIRST_STEPS=""):
        yield


@pytest.fixture(autouse=True)
def _keys_are_read_anew():
    keys.forget_keys()
    yield
    keys.forget_keys()


@pytest.fixture(autouse=True)
def _no_site_is_known_and_no_test_message_sent_yet():
    facts.forget_facts()
    canary.forget()


@pytest.fixture
def insurance_is_shown(settings) -> None:
    """From the start, as where PAYER_BLIND is off: for tests of what is recorded, not of who may be called first."""
    settings.PAYER_BLIND = False


@pytest.fixture(scope="session")
def _granted(django_db_setup, django_db_blocker) -> None:
    with django_db_blocker.unblock():
        call_command("grants", stdout=StringIO())


@pytest.fixture
def become(db, _granted) -> Callable[[str], None]:
    """The test's connection gets the rights of a process of that role, until the test ends."""

    def become(role: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE quietline_{role}")

    return become


@pytest.fixture
def roles(db):
    load_roles()
