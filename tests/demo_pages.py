"""The demo pages are loaded once a session; each test that wants them gets a copy, which costs a tenth of loading."""

from io import StringIO

import pytest
from django.db import connection, transaction
from wagtail.models import Site

from facilities.demo.load import load_pages


@pytest.fixture(scope="session")
def demo_tables(django_db_setup, django_db_blocker) -> dict[str, str]:
    """What loading the demo pages leaves in each table that it touches. Nothing of it stays in the database."""
    with django_db_blocker.unblock(), transaction.atomic():
        before = _read_tables()
        load_pages()
        after = _read_tables()
        transaction.set_rollback(True)
    return {table: rows for table, rows in after.items() if rows != before[table]}


@pytest.fixture
def demo_pages(db, demo_tables) -> None:
    """As after load_pages(), in the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # the tables come in no order
        for table in demo_tables:
            cursor.execute(f'DELETE FROM "{table}"')
        for table, rows in demo_tables.items():
            cursor.copy_expert(f'COPY "{table}" FROM STDIN', StringIO(rows))
    Site.clear_site_root_paths_cache()


def _read_tables() -> dict[str, str]:
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = StringIO()
            cursor.copy_expert(f'COPY "{table}" TO STDOUT', rows)
            tables[table] = rows.getvalue()
    return tables
