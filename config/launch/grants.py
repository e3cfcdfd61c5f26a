"""The rights of each process in the database, as grants.toml has them, as statements of SQL."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import connection
from psycopg2.sql import SQL, Composed, Identifier, Literal

GRANTS = Path(__file__).with_name("grants.toml")
PREFIX = "quietline_"
# Roles belong to the whole server: another database on it may make the same one at this moment.
MAKE_ROLE = SQL(
    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = {name}) THEN CREATE ROLE {} NOLOGIN; END IF; "
    "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
)


def read_grants() -> dict[str, dict[str, str]]:
    return tomllib.loads(GRANTS.read_text())


def statements() -> Iterator[Composed]:
    """All that gives the roles these rights and takes every other from them; they can be run again at any time."""
    database = Identifier(connection.settings_dict["NAME"])
    yield SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(database)
    yield SQL("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    for name, rights in read_grants().items():
        role = Identifier(f"{PREFIX}{name}")
        yield MAKE_ROLE.format(role, name=Literal(f"{PREFIX}{name}"))
        yield SQL("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}").format(role)  # with those on columns
        yield SQL("GRANT CONNECT ON DATABASE {} TO {}").format(database, role)
        yield SQL("GRANT USAGE ON SCHEMA public TO {}").format(role)
        for table, given in rights_by_table(rights).items():
            if given:
                yield SQL("GRANT {} ON {} TO {}").format(SQL(given), Identifier(table), role)


def rights_by_table(rights: dict[str, str]) -> dict[str, str]:
    """Of one role. Raises LookupError for a name that is neither a model, nor an app, nor a table."""
    found = {}
    for name in sorted(rights, key=lambda name: "." in name):  # so that a model's own line comes last
        for table in tables_of(name):
            found[table] = rights[name]
    return found


def tables_of(name: str) -> list[str]:
    if "." in name:
        return [apps.get_model(name)._meta.db_table]
    if name in apps.app_configs:
        models = apps.get_app_config(name).get_models(include_auto_created=True)
        return [model._meta.db_table for model in models if model._meta.managed]
    if name not in connection.introspection.table_names():
        raise LookupError(f"grants.toml names {name!r}, which is no model, no app and no table.")
    return [name]
