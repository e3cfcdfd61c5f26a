"""Links of sources: looked at each night, written down with the day, and none asked that is not public."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from facilities.directory.uses import uses_of
from facilities.sources import addresses, links
from facilities.sources.models import LinkCheck, Source
from intake.management.commands import run_worker
from tests.factories import make_source, make_user, sign_in

pytestmark = pytest.mark.django_db

State = LinkCheck.State
NIGHT, NOON = datetime(2026, 11, 26, 11, 0, tzinfo=UTC), datetime(2026, 11, 26, 20, 0, tzinfo=UTC)  # 3 am and noon


def check(source):
    return links.write_down(source, *links.look(source.url))


class Agency(BaseHTTPRequestHandler):
    """An agency's server: its addresses say what it answers."""

    def do_GET(self):
        self.server.asked.append((self.path, self.headers["Host"], self.headers["Authorization"]))
        status, *more = self.path.strip("/").split("/", 1)
        if status == "garbage":
            self.wfile.write(b"what is this\r\n\r\n")
            return
        if status == "silent":
            self.server.released.wait(10)
            return
        self.send_response(int(status))
        if status.startswith("3"):
            self.send_header("Location", more[0] if "://" in more[0] else f"/{more[0]}")
        self.send_header("Content-Length", "1000000")  # more than is ever sent: who reads the body, waits
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def agency(settings) -> Iterator[ThreadingHTTPServer]:
    settings.LINK_CHECK_ALSO_ASKS = ["127.0.0.1"]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Agency)
    server.daemon_threads = True
    server.asked, server.released = [], threading.Event()
    server.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "state", "detail"),
    [
        ("/200/page", State.ANSWERS, ""),
        ("/302/200", State.ANSWERS, ""),
        ("/301/200/new", State.MOVED, "{url}/200/new"),
        ("/308/302/200/new", State.MOVED, "{url}/302/200/new"),
        ("/301/404", State.NOT_FOUND, "Status 404."),
        ("/404", State.NOT_FOUND, "Status 404."),
        ("/410", State.NOT_FOUND, "Status 410."),
        ("/403", State.REFUSES, "Status 403."),
        ("/429", State.REFUSES, "Status 429."),
        ("/503", State.NO_ANSWER, "Status 503."),
        ("/garbage", State.NO_ANSWER, links.UNUSABLE),
        ("/302/302/302/302/302/302/200", State.NO_ANSWER, links.WORDS[httpx.TooManyRedirects]),
    ],
)
def test_what_a_link_answers_is_written_down(agency, path, state, detail):
    source = make_source(url=f"{agency.url}{path}")

    before = timezone.now()
    check(source)

    found = LinkCheck.objects.get(source=source)
    assert (found.state, found.detail, found.url) == (state, detail.format(url=agency.url), source.url)
    assert before <= found.since == found.checked_at <= timezone.now()


def test_server_that_is_not_there_is_no_answer(agency):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    found = check(make_source(url=f"http://127.0.0.1:{port}/"))

    assert (found.state, found.detail) == (State.NO_ANSWER, links.WORDS[httpx.ConnectError])


def test_server_that_never_ends_its_answer_is_left(agency, monkeypatch):
    monkeypatch.setattr(addresses, "ALL_IN_ALL", 0.2)

    found = check(make_source(url=f"{agency.url}/silent"))

    assert found.state == State.NO_ANSWER


def test_password_in_a_link_is_not_sent(agency):
    check(make_source(url=f"{agency.url.replace('//', '//user:secret@')}/200"))

    assert agency.asked == [("/200", agency.url.removeprefix("http://"), None)]


# --- Only what is public --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1%eth0", "fd00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_address_that_is_not_public_is_none_to_ask(address):
    assert addresses.is_public(address) is False


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111"])
def test_public_address_may_be_asked(address):
    assert addresses.is_public(address) is True


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:7f00:1]"]
)
def test_this_machine_is_not_asked_under_any_of_its_names(agency, settings, host):
    settings.LINK_CHECK_ALSO_ASKS = []

    found = check(make_source(url=f"http://{host}:{agency.server_port}/200"))

    assert (found.state in (State.NOT_ASKED, State.NO_ANSWER), agency.asked) == (True, [])


def test_redirect_to_a_machine_that_is_not_public_is_not_followed(agency):
    inside = ThreadingHTTPServer(("127.0.0.2", 0), Agency)
    inside.asked = []
    threading.Thread(target=inside.serve_forever, args=(0.01,), daemon=True).start()

    found = check(make_source(url=f"{agency.url}/302/http://127.0.0.2:{inside.server_port}/200"))
    inside.shutdown()

    assert (found.state, len(agency.asked), inside.asked) == (State.NOT_ASKED, 1, [])


@pytest.mark.parametrize("url", ["ftp://example.org/a", "file:///etc/passwd", "http://", "gopher://127.0.0.1/"])
def test_only_the_web_is_asked(url):
    assert check(make_source(url=url)).state == State.NOT_ASKED


def test_name_is_not_resolved_a_second_time(agency, monkeypatch):
    """A name whose next answer is another address could lead inside."""
    asked = []
    resolve = socket.getaddrinfo

    def first_time_only(host, *args, **kwargs):
        asked.append(host)
        return resolve("127.0.0.1" if host == "agency.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", first_time_only)

    found = check(make_source(url=f"http://agency.example:{agency.server_port}/200"))

    assert found.state == State.ANSWERS
    assert asked.count("agency.example") == 1
    assert agency.asked == [("/200", f"agency.example:{agency.server_port}", None)]


# --- Once a night ---------------------------------------------------------------------------------------------------


def test_what_was_found_keeps_its_first_day_until_it_changes(agency):
    source = make_source(url=f"{agency.url}/404")
    first = check(source)
    second = check(source)
    Source.objects.filter(pk=source.pk).update(url=f"{agency.url}/410")
    source.refresh_from_db()
    third = check(source)

    assert (second.since, second.checked_at > first.checked_at) == (first.since, True)
    assert third.since > second.since
    assert LinkCheck.objects.filter(source=source).count() == 1


def test_link_is_due_once_a_day_and_when_it_changed(agency):
    fresh, old, changed, new = (make_source(url=f"{agency.url}/200/{name}") for name in "abcd")
    make_source(url="")
    for source in (fresh, old, changed):
        check(source)
    LinkCheck.objects.filter(source=old).update(checked_at=timezone.now() - timedelta(hours=21))
    Source.objects.filter(pk=changed.pk).update(url=f"{agency.url}/200/e")
    agency.asked.clear()

    assert links.check_links.call() == 3
    assert sorted(path for path, *_ in agency.asked) == ["/200/b", "/200/d", "/200/e"]
    assert new.link_check.state == State.ANSWERS


def test_night_without_our_own_network_accuses_no_source(agency, caplog, monkeypatch):
    for name in "abc":
        make_source(url=f"{agency.url}/503/{name}")
    monkeypatch.setattr(links.logger, "propagate", True)

    counts = [links.check_links.call()]
    written = LinkCheck.objects.count()
    make_source(url=f"{agency.url}/200")
    counts.append(links.check_links.call())

    assert (counts, written, LinkCheck.objects.filter(state=State.NO_ANSWER).count()) == ([0, 4], 0, 3)
    assert "our own network" in caplog.text


def test_command_looks_at_all_links(agency, capsys):
    make_source(url=f"{agency.url}/200/a")
    make_source(url=f"{agency.url}/404")

    call_command("check_links")

    assert {found.state for found in LinkCheck.objects.all()} == {State.ANSWERS, State.NOT_FOUND}


@pytest.fixture
def started(monkeypatch, settings):
    """What the worker would run beside itself; here it is only noted."""
    runs = []
    settings.CHECKS_LINKS = True
    monkeypatch.setattr(links, "_next", 0.0)
    monkeypatch.setattr(links, "_running", None)
    monkeypatch.setattr(links, "_with_a_connection_of_its_own", runs.append)
    return runs


@pytest.mark.parametrize(("at", "count"), [(NIGHT, 1), (NOON, 0)])
def test_links_are_looked_at_by_night(started, at, count):
    make_source()

    if thread := links.check_links_when_due(now=1000, at=at):
        thread.join()

    assert len(started) == count


@pytest.mark.parametrize("name", ["CHECKS_LINKS", "SERVES_CMS"])
def test_role_that_may_not_or_shall_not_check_links_does_not(started, settings, name):
    make_source()
    setattr(settings, name, False)

    assert links.check_links_when_due(now=1000, at=NIGHT) is None
    assert started == []


def test_night_without_a_due_link_starts_nothing(started):
    assert links.check_links_when_due(now=1000, at=NIGHT) is None
    assert started == []


def test_worker_does_not_wait_for_links_and_starts_one_look_at_a_time(monkeypatch, settings):
    settings.CHECKS_LINKS = True
    go_on, entered = threading.Event(), []
    monkeypatch.setattr(links, "_next", 0.0)
    monkeypatch.setattr(links, "_running", None)
    monkeypatch.setattr(links, "_with_a_connection_of_its_own", lambda run: entered.append(run) or go_on.wait(10))
    make_source()

    first = links.check_links_when_due(now=1000, at=NIGHT)
    second = links.check_links_when_due(now=2000, at=NIGHT)
    go_on.set()
    first.join()

    assert (second, len(entered)) == (None, 1)


@pytest.fixture
def emptied_after(transactional_db):
    """Some tables refuse to be emptied, also to what empties them after a test that is no transaction."""
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")


@pytest.mark.django_db(transaction=True, available_apps=["facilities"])
@pytest.mark.usefixtures("emptied_after")
def test_look_beside_the_worker_writes_what_it_found_and_leaves_no_connection(agency, settings, monkeypatch):
    settings.CHECKS_LINKS = True
    monkeypatch.setattr(links, "_next", 0.0)
    monkeypatch.setattr(links, "_running", None)
    source = make_source(url=f"{agency.url}/404")
    wait_until(lambda: connections_of_the_database() == 1)  # what the tests before this one closed
    before = connections_of_the_database()

    links.check_links_when_due(now=1000, at=NIGHT).join()

    assert LinkCheck.objects.get(source=source).state == State.NOT_FOUND
    wait_until(lambda: connections_of_the_database() == before)
    assert connections_of_the_database() == before


def wait_until(is_so):
    """PostgreSQL ends the process of a closed connection a moment after."""
    patience = time.monotonic() + 20
    while not is_so() and time.monotonic() < patience:
        time.sleep(0.05)


def connections_of_the_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return cursor.fetchone()[0]


def test_worker_looks_at_the_clock_in_each_round(monkeypatch):
    rounds = []
    monkeypatch.setattr(run_worker, "close_old_connections", lambda: None)
    monkeypatch.setattr(run_worker, "check_links_when_due", lambda: rounds.append(1))

    run_worker.Command().work_once()

    assert rounds == [1]


def test_check_is_no_use_of_a_source(agency):
    source = make_source(url=f"{agency.url}/200")
    check(source)

    assert uses_of(source) == []
    source.delete()
    assert LinkCheck.objects.count() == 0


# --- The report -----------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_pages")
@pytest.mark.parametrize("role", ["editor", "reviewer", "manager"])
def test_report_shows_the_worst_first_and_is_in_the_menu(client, agency, role):
    Source.objects.all().update(url="")
    good, broken = make_source(url=f"{agency.url}/200"), make_source(url=f"{agency.url}/404")
    new = make_source()
    for source in (good, broken):
        check(source)
    sign_in(client, make_user(role))

    page = client.get(reverse("links_of_sources"))
    home = client.get(reverse("wagtailadmin_home")).text

    assert [source.pk for source in page.context["object_list"]] == [new.pk, broken.pk, good.pk]
    assert "Status 404." in page.text
    assert reverse("links_of_sources") in home


def test_report_shows_one_state_alone(client, agency):
    good, broken = make_source(url=f"{agency.url}/200"), make_source(url=f"{agency.url}/404")
    for source in (good, broken):
        check(source)
    sign_in(client, make_user("editor"))

    page = client.get(reverse("links_of_sources"), {"state": State.NOT_FOUND.value})

    assert [source.pk for source in page.context["object_list"]] == [broken.pk]


def test_report_can_be_taken_along_as_a_table(client, agency):
    check(make_source(url=f"{agency.url}/404"))
    make_source()
    sign_in(client, make_user("editor"))

    answer = client.get(reverse("links_of_sources"), {"export": "csv"})

    rows = b"".join(answer.streaming_content).decode().splitlines()
    assert len(rows) == 3
    assert any("not_found" in row for row in rows)


def test_report_takes_as_many_queries_for_three_as_for_one(client, agency):
    sign_in(client, make_user("editor"))
    check(make_source(url=f"{agency.url}/200/0"))
    client.get(reverse("links_of_sources"))
    counts = []

    for count in (1, 3):
        while Source.objects.count() < count:
            newer = make_source(url=f"{agency.url}/200/{Source.objects.count()}")
            check(make_source(url=f"{agency.url}/404/{Source.objects.count()}", superseded_by=newer))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("links_of_sources"))
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_consultant_sees_no_report(client):
    sign_in(client, make_user("consultant"))

    answer = client.get(reverse("links_of_sources"))

    assert answer.status_code in (302, 403)
    assert not re.search("Links of sources", answer.text)
