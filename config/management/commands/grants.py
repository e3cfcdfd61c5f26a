"""`manage.py grants`: the database roles of `site`, `cms` and `desk`, with the rights of grants.toml and no others."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError, connection, transaction
from psycopg2.sql import Composed

from config.launch.grants import statements


class Command(BaseCommand):
    help = (
        "Makes the database roles quietline_site, quietline_cms and quietline_desk and gives them their rights. "
        "Run it as the database's owner after each upgrade; to make the roles, the owner needs CREATEROLE."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--sql", action="store_true", help="only print the statements, for who runs the database")

    @transaction.atomic
    def handle(self, *, sql: bool, **options: Any) -> None:
        for statement in statements():
            self.show(statement) if sql else self.run(statement)
        if sql:
            return
        self.stdout.write(
            "The rights are as grants.toml says. Make a user for each process, for example:\n"
            "  CREATE ROLE web LOGIN PASSWORD '…' IN ROLE quietline_site;"
        )

    def show(self, statement: Composed) -> None:
        self.stdout.write(f"{statement.as_string(connection.connection)};")

    def run(self, statement: Composed) -> None:
        with connection.cursor() as cursor:
            try:
                cursor.execute(statement)
            except ProgrammingError as error:
                raise CommandError(
                    f"This database role may not do that: {statement.as_string(cursor.connection)}\n"
                    "Let a superuser run what `manage.py grants --sql` prints."
                ) from error
