"""Trims the editor: what Quietline does not use is not shown."""

from django.http import HttpRequest
from wagtail import hooks


@hooks.register("construct_main_menu")
def hide_unused(request: HttpRequest, menu_items: list) -> None:
    menu_items[:] = [item for item in menu_items if item.name != "help"]
