"""The demo page on staying safe on this site: the words of its template, in both languages, as staff edit them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override


def staying_safe(language: str) -> dict[str, Any]:
    """Title, summary and the blocks of the body, as the demo pages write them."""
    with override(language):
        return {
            "title": _("Staying safe on this site"),
            "summary": _(
                "If somebody may look at your phone or computer, this page says what stays on it, and how to remove it."
            ),
            "body": [_leaving(), _stays(), _remove(), _less(), _danger()],
        }


def _leaving() -> dict[str, Any]:
    return _section(
        _("The button “Leave this page”"),
        _paragraph(
            _("It is at the foot of every page. It takes you to a plain site at once, in the same tab."),
            _("On a keyboard, press Shift three times."),
        )
        + _list(
            _("It empties the form, and pressing Back does not bring this site back."),
            _("It does not erase your history. Somebody who opens the history can see that you were here."),
            _(
                "If scripts are switched off, it is a plain link, and Back can show this site again, without "
                "what you typed."
            ),
        ),
    )


def _stays() -> dict[str, Any]:
    return _section(
        _("What stays on the device"),
        _list(
            _("The addresses and titles of the pages you opened, in the browser's history."),
            _("Suggestions in the address bar, and words that a keyboard app may have learned."),
            _("Pictures of open tabs in the list of recent apps, until you close them."),
            _("If we call: our number in the list of calls."),
        )
        + _paragraph(
            _(
                "We set no cookie while you read or ask for a call. "
                "Your browser is told to keep no copy of the form or of your request."
            )
        ),
    )


def _remove() -> dict[str, Any]:
    return _section(
        _("How to remove it"),
        _paragraph(
            _("Remove only the pages of this site. An empty history can look strange to somebody who checks it.")
        )
        + _list(
            _(
                "<b>iPhone or iPad, Safari:</b> open the book, then the clock. Swipe a page to the left, and choose "
                "Delete."
            ),
            _("<b>Android, Chrome:</b> open the menu with three dots, then History. Tap the cross beside a page."),
            _("<b>Computer:</b> press Ctrl and H (on a Mac, Command and Y). Choose the pages and delete them."),
        )
        + _paragraph(_("Then close the tab, and swipe the browser away in the list of recent apps.")),
    )


def _less() -> dict[str, Any]:
    return _section(
        _("How to leave less"),
        _list(
            _("Use a private window. It forgets its history when you close it."),
            _("Use a device that nobody else opens: a friend's, or one at a library."),
            _(
                "If you think that somebody watches the device itself, nothing on this page helps against that. "
                "Use another device, or call us from another phone."
            ),
            _(
                "Your request has an address of its own. Whoever has it can read and change the request. "
                "Write down the reference instead, and say it when you call."
            ),
        )
        + _paragraph(
            _("After the advice of:")
            + ' <a href="https://www.techsafety.org/agency-website-safety-tips">National Network to End Domestic '
            + 'Violence</a>, <a href="https://design-system.service.gov.uk/patterns/exit-a-page-quickly/">GOV.UK '
            + "Design System</a>."
        ),
    )


def _danger() -> dict[str, Any]:
    body = _paragraph(_("In crisis, or thinking of ending your life? Call or text 988."))
    heading = _("Call 911 now if someone cannot be woken or does not breathe well")
    return {"type": "care_card", "value": {"level": "emergency", "heading": heading, "body": body}}


def _section(heading: str, text: str) -> dict[str, Any]:
    content = [{"type": "text", "value": {"text": text}}]
    return {"type": "section", "value": {"heading": heading, "anchor": "", "content": content}}


def _paragraph(*sentences: str) -> str:
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


def _list(*lines: str) -> str:
    return f"<ul>{''.join(f'<li>{line}</li>' for line in lines)}</ul>"
