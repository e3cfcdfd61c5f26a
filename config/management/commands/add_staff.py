"""`manage.py add_staff`: an account for a member of staff, made, changed, reset or shut by who runs the server."""

from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from config.accounts.roles import give_role, load_roles, read_roles
from config.accounts.staff import give_password, new_account, shut
from config.edge.addresses import SIGN_IN


class Command(BaseCommand):
    help = "Makes an account for a member of staff, or changes the role of the one that has this name."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what they type to sign in")
        parser.add_argument("--role", default="", help=", ".join(read_roles()))
        act = parser.add_mutually_exclusive_group()
        act.add_argument("--reset", action="store_true", help="a new password, and the second factor is set up anew")
        act.add_argument("--off", action="store_true", help="shut the account, and end its sessions")

    @transaction.atomic
    def handle(self, *, name: str, role: str, reset: bool, off: bool, **options: Any) -> None:
        if role and role not in read_roles():
            raise CommandError(f"There is no role {role!r}. The roles are: {', '.join(read_roles())}.")
        user = User.objects.filter(username__iexact=name).first()
        if not user:
            user = make_account(name, role=role, is_wanted=not (reset or off))
            reset = True
        if role:
            load_roles()
            give_role(user, role)
            self.stdout.write(f"{user.username} has the role {role}.")
        if reset:
            self.stdout.write(reset_sentence(user.username, password=give_password(user)))
        elif off:
            shut(user)
            self.stdout.write(f"{user.username} cannot sign in any more. ARGS=--reset opens the account again.")
        elif not user.is_active:
            self.stdout.write("The account is shut. ARGS=--reset opens it again.")
        elif not role:
            raise CommandError(f"{user.username} has an account. Say what to change: ROLE, ARGS=--reset or --off.")


def make_account(name: str, *, role: str, is_wanted: bool) -> User:
    if not is_wanted:
        raise CommandError(f"Nobody has the name {name!r}.")
    if not role:
        raise CommandError(f"{name!r} is new. Give the account a role, ROLE= one of: {', '.join(read_roles())}.")
    try:
        return new_account(name)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error


def reset_sentence(name: str, *, password: str) -> str:
    return (
        f"Sign in at {SIGN_IN} as {name} with this password, which is shown only now: {password}\n"
        "Give it to them in person. They set up the second factor at once, and then change the password."
    )
