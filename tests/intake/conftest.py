"""What all tests of intake stand on: the roles, a process with other keys, and rows that threads can see."""

from collections.abc import Callable, Iterator

import pytest
from django.apps import apps
from django.db import connection
from hypothesis import settings

from config.accounts.roles import load_roles
from intake.management.commands import run_worker
from intake.privacy import keys

settings.register_profile("intake", deadline=None)  # a busy machine is no counterexample
settings.load_profile("intake")


@pytest.fixture(scope="session", autouse=True)
def _committed_roles(django_db_setup, django_db_blocker) -> None:
    """Loaded once and kept: the five groups cost as much as ten tests."""
    if connection.settings_dict["NAME"].startswith("test_"):  # pytest-django makes none where no chosen test needs it
        with django_db_blocker.unblock():
            load_roles()


@pytest.fixture(autouse=True)
def _spool_of_its_own(settings, tmp_path) -> None:
    settings.SPOOL_DIR = tmp_path / "spool"


@pytest.fixture
def worker(monkeypatch) -> run_worker.Command:
    """A worker whose rounds keep to this test's transaction."""
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    return run_worker.Command()


@pytest.fixture
def set_keys(settings) -> Callable[..., None]:
    """Gives this process other keys, as after a restart with another environment."""

    def set_to(**values) -> None:
        for name, value in values.items():
            setattr(settings, name, value)
        keys.forget_keys()

    return set_to


@pytest.fixture
def _intake_alone(request) -> None:
    """Lets the flush after a test empty intake's tables alone; the roles and Wagtail's root page stay.

    While only intake is there, Django would work out the relations of other models anew, and find none: so it knows
    them before, whichever tests came earlier.
    """
    for model in apps.get_app_config("facilities").get_models():
        for field in model._meta.get_fields():
            model._meta.get_field(field.name)
    request.node.add_marker(pytest.mark.django_db(transaction=True, available_apps=["intake"]))


@pytest.fixture
def committed(_intake_alone, transactional_db) -> Iterator[None]:
    """No transaction around the test, so that threads see each other's rows. Its users have no role: make_user("")."""
    yield
    with connection.cursor() as cursor:
        # Some tables refuse to be emptied. It holds for the flush too, after which Django closes the connection.
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("TRUNCATE intake_callbackmessage, intake_lead CASCADE")
        cursor.execute("DELETE FROM auth_user")
