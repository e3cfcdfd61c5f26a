"""Reads roles.toml and makes the groups hold exactly what it says."""

import tomllib
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from wagtail.models import (
    AbstractGroupApprovalTask,
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Page,
    Task,
)

ROLES = Path(__file__).with_name("roles.toml")
WAGTAILS_OWN = ("Editors", "Moderators")


def read_roles() -> dict[str, dict[str, Any]]:
    return tomllib.loads(ROLES.read_text())


@transaction.atomic
def load_roles() -> list[str]:
    """Make or correct every group; returns their names. Raises Permission.DoesNotExist for a name that is none."""
    roles = read_roles()
    for name, role in roles.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permission(label) for label in role["permissions"])
        _set_page_permissions(group, role.get("pages", []))
        _set_image_permissions(group, role.get("images", []))
        User.objects.filter(groups=group, is_superuser=False).update(is_staff=role["desk"])
    for task in Task.objects.all().specific():  # Wagtail's own names Moderators, an empty group
        approvers = [name for name, role in roles.items() if task.name in role.get("approves", [])]
        if isinstance(task, AbstractGroupApprovalTask) and approvers:
            task.groups.set(Group.objects.filter(name__in=approvers))
    Group.objects.filter(name__in=WAGTAILS_OWN, user=None).delete()  # so that only roles are listed and given
    return list(roles)


def give_role(user: User, name: str) -> None:
    """Make `name` the one role of a user. Who may enter the desk follows from it."""
    user.groups.set([Group.objects.get(name=name)])
    user.is_staff = read_roles()[name]["desk"]
    user.save(update_fields=["is_staff"])


def _permission(label: str) -> Permission:
    app, _, codename = label.partition(".")
    return Permission.objects.get(content_type__app_label=app, codename=codename)


def _set_page_permissions(group: Group, kinds: list[str]) -> None:
    GroupPagePermission.objects.filter(group=group).delete()
    root = Page.objects.get(depth=1)
    for kind in kinds:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=f"{kind}_page")
        GroupPagePermission.objects.create(group=group, page=root, permission=permission)


def _set_image_permissions(group: Group, kinds: list[str]) -> None:
    GroupCollectionPermission.objects.filter(group=group).delete()
    root = Collection.objects.get(depth=1)
    for kind in kinds:
        permission = Permission.objects.get(content_type__app_label="wagtailimages", codename=f"{kind}_image")
        GroupCollectionPermission.objects.create(group=group, collection=root, permission=permission)
