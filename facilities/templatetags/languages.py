"""The same page in another language, the first page in this one, and which page of the menu one is on."""

from django import template
from django.urls import NoReverseMatch, Resolver404, resolve, reverse
from django.utils.translation import get_language, override

from facilities.languages import SPANISH

register = template.Library()


@register.simple_tag
def same_page_in(language: str, path: str) -> str:
    """Its address, or "" where there is none. Django's translate_url() would follow a path like //elsewhere/…"""
    try:
        match = resolve(path)
        with override(language):
            twin = reverse(match.view_name, args=match.args, kwargs=match.kwargs)
    except (NoReverseMatch, Resolver404):
        return ""
    return twin if twin != path else ""


@register.simple_tag
def address_here(path: str) -> str:
    """The address of an English page in the language of this one; its own, where there is no other."""
    language = get_language()
    if language != SPANISH:
        return path
    with override("en"):
        return same_page_in(language, path) or path


@register.filter
def is_below(path: str, address: str) -> bool:
    """Whether one page stands below another, by their addresses."""
    return path.startswith(address) and path != address


@register.simple_tag
def first_page() -> str:
    """Its address in the language of the page. A role that serves no pages in Spanish has only the one."""
    try:
        return reverse("spanish") if get_language() == SPANISH else "/"
    except NoReverseMatch:
        return "/"
