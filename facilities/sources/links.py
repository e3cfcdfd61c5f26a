"""Looks, once a night, whether the link of each source still leads somewhere, and keeps what it found."""

import logging
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks import task

from facilities.sources.addresses import NotAsked, ask
from facilities.sources.models import LinkCheck, Source

logger = logging.getLogger(__name__)

NIGHT = range(1, 5)  # hours of the day where the site is (TIME_ZONE): agencies' servers are asked when they rest
ONCE_IN = timedelta(hours=20)
EVERY = 600  # seconds between two looks at the clock
FEWEST_TO_DOUBT = 3  # links: when none of so many answers, it is hardly they
REFUSING = (401, 403, 405, 406, 418, 429, 451)  # answers of servers that are there and want no machine
_next = 0.0
_running: threading.Thread | None = None

State = LinkCheck.State
WORDS = {
    socket.gaierror: "Nobody knows a server of this name.",
    TimeoutError: "It took too long.",
    httpx.TimeoutException: "It took too long.",
    httpx.ConnectError: "No connection, or no valid certificate.",
    httpx.TooManyRedirects: "It leads on and on.",
}
UNUSABLE = "It does not answer as a web server does."


@task()
def check_links() -> int:
    """Look at every link that is due, one after the other; returns how many it wrote down."""
    found = [(source, *look(source.url)) for source in Source.objects.with_link_due(timezone.now() - ONCE_IN)]
    if len(found) >= FEWEST_TO_DOUBT and all(state == State.NO_ANSWER for _, state, _ in found):
        logger.warning("none of %s links answered: more likely our own network is away", len(found))
        return 0
    checked = [write_down(*each) for each in found]
    in_need = sum(check.needs_a_look for check in checked)
    logger.info("checked %s links of sources; %s need a look", len(checked), in_need)
    return len(checked)


def write_down(source: Source, state: str, detail: str) -> LinkCheck:
    """How long it has been so starts anew with another state or another link."""
    now = timezone.now()
    before = LinkCheck.objects.filter(source=source, url=source.url, state=state).first()
    found = {"url": source.url, "state": state, "detail": detail[:500], "checked_at": now}
    check, _ = LinkCheck.objects.update_or_create(
        source=source, defaults={**found, "since": before.since if before else now}
    )
    return check


def look(url: str) -> tuple[str, str]:
    """The state of a link, and what there is to say about it."""
    try:
        answer = ask(url)
    except NotAsked as error:
        return State.NOT_ASKED, str(error)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        return State.NO_ANSWER, next((words for kind, words in WORDS.items() if isinstance(error, kind)), UNUSABLE)
    if answer.status in REFUSING:
        return State.REFUSES, f"Status {answer.status}."
    if answer.status >= 500:
        return State.NO_ANSWER, f"Status {answer.status}."
    if not 200 <= answer.status < 300:
        return State.NOT_FOUND, f"Status {answer.status}."
    return (State.MOVED, answer.moved_to) if answer.moved_to else (State.ANSWERS, "")


def check_links_when_due(now: float | None = None, at: datetime | None = None) -> threading.Thread | None:
    """Start the task beside the worker, which must not wait for other people's servers. `now` is in monotonic seconds.

    As with scheduled publishing, only a role that may write pages does it: where desk and pages are apart, run
    `manage.py check_links` every night beside the cms.
    """
    global _next, _running
    now = time.monotonic() if now is None else now
    is_night = timezone.localtime(at).hour in NIGHT
    if not (settings.SERVES_CMS and settings.CHECKS_LINKS and is_night) or now < _next:
        return None
    _next = now + EVERY
    if (_running and _running.is_alive()) or not Source.objects.with_link_due(timezone.now() - ONCE_IN).exists():
        return None
    _running = threading.Thread(target=_with_a_connection_of_its_own, args=(check_links.enqueue,), daemon=True)
    _running.start()
    return _running


def _with_a_connection_of_its_own(run: Callable[[], object]) -> None:
    try:
        run()
    except DatabaseError as error:
        logger.error("links were not checked: %s", type(error).__name__)
    finally:
        connection.close()
