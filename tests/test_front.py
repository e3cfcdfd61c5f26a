"""The front, with a peer that sends what it is told to: which bodies reach Django, and what the others are answered."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from http import HTTPStatus
from queue import SimpleQueue
from threading import Event, Lock, Thread
from types import SimpleNamespace
from wsgiref.validate import validator

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, close_old_connections
from django.test import Client

from config.accounts.sessions import may_edit
from config.edge import front
from config.edge.bridge import to_environ
from config.edge.clients import client_of
from config.edge.front import Front
from config.edge.headers import headers
from config.edge.lanes import Lane, Places
from config.edge.middleware import REFUSED
from tests.factories import make_user, sign_in

FORM = "/request-a-call/"


class ThreadOfTheTest(Executor):
    """Leaves the work to the test's own thread, because another one would not see the transaction of the test."""

    def __init__(self):
        self.given = SimpleQueue()

    def submit(self, function, *arguments):
        done = Future()

        def work():
            try:
                done.set_result(function(*arguments))
            except Exception as problem:  # noqa: BLE001 - of the one who waits for it
                done.set_exception(problem)

        self.given.put(work)
        return done

    def run(self, coroutine):
        waiting = Thread(target=lambda: (asyncio.run(coroutine), self.given.put(None)))
        waiting.start()
        for work in iter(self.given.get, None):
            work()
        waiting.join()


@pytest.fixture(autouse=True)
def _connection_stays_open_between_requests():
    """As Django's own test client does it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


class Peer:
    """Granian's side of one request: the chunks of a body, of which one that is no bytes takes so many seconds."""

    def __init__(self, chunks: Iterable[bytes | float]) -> None:
        self.chunks = iter(chunks)
        self.is_read = False
        self.closed_with = self.file = None

    def __aiter__(self):
        self.is_read = True
        return self

    async def __anext__(self) -> bytes:
        for chunk in self.chunks:
            if isinstance(chunk, bytes):
                return chunk
            await asyncio.sleep(chunk)
        raise StopAsyncIteration

    def response_bytes(self, status, headers, body):
        self.status, self.headers, self.body = status, dict(headers), body

    def response_file(self, status, headers, file):
        self.status, self.headers, self.file = status, dict(headers), file

    def close(self, status):
        self.closed_with = status


def scope(
    method: str, path: str, *sent: tuple[str, str], proto: str = "http", client: str = "203.0.113.7"
) -> SimpleNamespace:
    fields = [("host", "testserver"), *sent]
    named = SimpleNamespace(items=lambda: fields)
    about = {"http_version": "1.1", "scheme": "http", "server": "127.0.0.1:8000", "client": f"{client}:5000"}
    return SimpleNamespace(proto=proto, method=method, path=path, query_string="", headers=named, **about)


def tell(environ, start_response):
    """An application that answers what it was asked, and what came with it."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH", 0)))
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} ".encode("latin-1"), body]


def ask(
    method: str, path: str, *sent: tuple[str, str], body: Iterable[bytes | float] = (), application=None, **rest
) -> Peer:
    peer, asked = Peer(body), front_of_the_test(application or get_wsgi_application(), **rest)
    asked.pages.threads.run(asked.__rsgi__(scope(method, path, *sent), peer))
    return peer


def raises(problem: type[Exception]) -> Callable:
    def raise_it(*_: object) -> None:
        raise problem

    return raise_it


def front_of_the_test(application, may_edit=may_edit, takes_photo=lambda _: True) -> Front:
    made = Front(application, may_edit, takes_photo)
    made.pages.threads = made.passwords.threads = made.health.threads = ThreadOfTheTest()
    return made


def post(length: int | str, *chunks: bytes | float, application=None, more=()) -> Peer:
    form = ("content-type", "application/x-www-form-urlencoded")
    return ask("POST", FORM, form, ("content-length", str(length)), *more, body=chunks, application=application)


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_request_is_handed_on_as_wsgi_demands_it(method):
    length = ("content-length", "9")

    answer = ask(method, "/é/", length, body=[b"phone", b"=702"], application=validator(tell))

    assert (answer.status, answer.headers) == (200, {"Content-Type": "text/plain"})
    assert answer.body == f"{method} /é/ phone=702".encode()


def test_what_an_application_writes_comes_before_what_it_returns():
    def application(environ, start_response):
        start_response("200 OK", [])(b"first ")
        return [b"second"]

    assert ask("GET", "/", application=application).body == b"first second"


def test_header_that_could_pass_for_another_is_dropped_and_one_sent_twice_is_joined():
    sent = [("x-forwarded-for", "192.0.2.1"), ("x_forwarded_for", "forged"), ("accept", "a"), ("accept", "b")]

    environ = to_environ(scope("GET", "/", *sent))

    assert (environ["HTTP_X_FORWARDED_FOR"], environ["HTTP_ACCEPT"]) == ("192.0.2.1", "a,b")
    assert (environ["REMOTE_ADDR"], environ["SERVER_NAME"], environ["SERVER_PORT"]) == (
        "203.0.113.7",
        "127.0.0.1",
        "8000",
    )


def test_no_secret_of_the_process_is_in_a_request(monkeypatch):
    monkeypatch.setenv("PLANTED", "secret")

    assert "PLANTED" not in to_environ(scope("GET", "/"))


def test_connection_that_is_no_request_is_closed():
    peer = Peer([])

    # In a thread of its own: after a browser's test, this one has an event loop already.
    waiting = Thread(target=asyncio.run, args=[front_of_the_test(tell).__rsgi__(scope("GET", "/", proto="ws"), peer)])
    waiting.start()
    waiting.join()

    assert peer.closed_with == 403


@pytest.mark.django_db
def test_body_that_does_not_come_is_given_up_in_words_with_all_headers(monkeypatch):
    monkeypatch.setattr(front, "BODY_SECONDS", 0.05)

    answer = post(900, b"phone=", 5)

    assert answer.status == 408
    assert "Your request was not sent." in answer.body.decode()
    assert answer.headers.items() >= headers(FORM, https=False).items()


def test_slow_body_that_keeps_coming_is_waited_for(monkeypatch):
    monkeypatch.setattr(front, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(front, "BYTES_A_SECOND", 10)

    answer = post(4, b"ab", 0.15, b"cd", application=tell)

    assert (answer.status, answer.body) == (200, b"POST /request-a-call/ abcd")


@pytest.mark.django_db
def test_body_shorter_than_it_says_is_not_acknowledged():
    whole = b"phone=(702)+555-0163&consent=on"

    answer = post(len(whole) + 1, whole)

    assert (answer.status, post(len(whole), whole).status) == (400, 303)
    assert "Your request was not sent." in answer.body.decode()
    assert answer.headers.items() >= headers(FORM, https=False).items()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("length", "more", "status"),
    [
        (settings.PUBLIC_BODY_LIMIT + 1, (), 413),
        (5, [("transfer-encoding", "chunked")], 400),
    ],
)
def test_body_that_will_be_refused_is_not_even_read(length, more, status):
    answer = post(length, b"phone", more=more)

    assert (answer.status, answer.is_read) == (status, False)
    assert answer.headers.items() >= headers(FORM, https=False).items()


def session_of(user: User) -> str:
    client = Client()
    sign_in(client, user)
    return f"session={client.cookies['session'].value}"


@pytest.mark.django_db
def test_only_who_edits_pages_may_send_the_editor_a_large_body():
    mine, consultants = session_of(make_user("editor")), session_of(make_user("consultant"))
    size = settings.PUBLIC_BODY_LIMIT + 1

    def large(path: str, cookie: str) -> Peer:
        sent = [("content-length", str(size)), ("cookie", cookie)]
        return ask("POST", path, *sent, body=[b"x" * size], application=tell if cookie == mine else None)

    taken, refused = (
        large("/cms/images/", mine),
        [large("/cms/", each) for each in (consultants, "session=madeup99", "")],
    )

    assert taken.body == b"POST /cms/images/ " + b"x" * size
    assert [(answer.is_read, answer.status) for answer in refused] == [(False, 403)] * 3
    assert not large("/leave", mine).is_read


@pytest.mark.django_db
def test_large_body_while_nobody_can_say_who_may_edit_is_not_read():
    length = ("content-length", str(settings.PUBLIC_BODY_LIMIT + 1))

    answer = ask("POST", "/cms/", length, body=[b"x"], may_edit=raises(OperationalError))

    assert (answer.is_read, answer.status) == (False, 503)


@pytest.mark.parametrize("problem", [RuntimeError, ValueError])
def test_request_whose_error_page_fails_too_is_answered_in_words_with_all_headers(problem):
    answer = ask("GET", FORM, application=raises(problem))

    assert (answer.status, b"988" in answer.body) == (500, True)
    assert answer.headers.items() >= headers(FORM, https=False).items()


CARD, CARD_ES = "/request/abc/insurance/front/", "/es/request/abc/insurance/front/"


def test_photo_of_a_card_is_held_in_memory_and_a_picture_of_the_editor_in_a_file():
    size = settings.PUBLIC_BODY_LIMIT * 2
    in_memory = []

    def application(environ, start_response):
        in_memory.append(not environ["wsgi.input"]._rolled)
        return tell(environ, start_response)

    for path in (CARD, CARD_ES, "/cms/images/"):
        large = ("content-length", str(size))
        ask("POST", path, large, body=[b"x" * size], application=application, may_edit=lambda _: True)

    assert in_memory == [True, True, False]


@pytest.mark.django_db
def test_photos_that_would_fill_memory_are_told_to_come_again_unread_and_other_pages_go_on():
    asked = front_of_the_test(get_wsgi_application())
    asked.cards = Places(6, each=2)
    length = ("content-length", "1000000")
    third, late, page = Peer([b"x"]), Peer([b"x" * 1_000_000]), Peer([])

    def send(client: str, peer: Peer) -> asyncio.Future:
        return asyncio.ensure_future(asked.__rsgi__(scope("POST", CARD, length, client=client), peer))

    async def until_taken(count: int) -> None:
        while asked.cards.taken < count:
            await asyncio.sleep(0.01)

    async def at_once() -> None:
        open_ones = [send("192.0.2.1", Peer([60.0])) for _ in range(2)]
        await until_taken(2)
        await send("192.0.2.1", third)
        open_ones += [send(client, Peer([60.0])) for client in ("192.0.2.2", "192.0.2.3") for _ in range(2)]
        await until_taken(6)
        await send("192.0.2.4", late)
        await asked.__rsgi__(scope("GET", "/healthz"), page)
        for each in open_ones:
            each.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)

    asked.pages.threads.run(at_once())

    assert (third.status, third.is_read) == (late.status, late.is_read) == (429, False)
    assert page.status == 200
    assert "It was not sent." in late.body.decode()
    assert asked.cards.taken == 0


@pytest.mark.django_db
def test_photo_for_a_receipt_that_takes_none_is_not_read_and_takes_no_place():
    peer = ask("POST", CARD, ("content-length", "1000000"), body=[b"x" * 1_000_000], takes_photo=lambda _: False)

    assert (peer.status, peer.is_read) == (404, False)


@pytest.mark.django_db
def test_photo_while_nobody_can_say_whose_it_is_is_not_read():
    away = raises(OperationalError)

    peer = ask("POST", CARD, ("content-length", "1000000"), body=[b"x" * 1_000_000], takes_photo=away)

    assert (peer.status, peer.is_read) == (503, False)


@pytest.mark.django_db
@pytest.mark.parametrize("length", ["0" * 5000 + "5", "9" * 5000], ids=["zeros", "nines"])
def test_length_that_python_does_not_read_is_too_much_and_no_error(length):
    answer = post(length, b"phone")

    assert (answer.status, answer.is_read) == (413, False)
    assert answer.headers.items() >= headers(FORM, https=False).items()


def test_fault_before_the_application_is_answered_in_words_with_all_headers():
    answer = ask("POST", "/cms/", ("content-length", "200000"), body=[b"x"], may_edit=raises(RuntimeError))

    assert (answer.status, b"988" in answer.body) == (500, True)
    assert answer.headers.items() >= headers("/cms/", https=False).items()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/desk/", "/cms/", "/accounts/login/"])
@pytest.mark.parametrize("key", ['"\\000aaaaaaaaaaa"', "a" * 5000, "é" * 9, "' OR 1=1 --"], ids=range(4))
def test_cookie_that_is_no_key_of_a_session_is_nobodys(path, key):
    answers = [
        ask(method, path, ("cookie", f"session={key}"), ("content-length", length), body=[b"x" * 200_000])
        for method, length in (("GET", "0"), ("POST", "200000"))
    ]

    assert {answer.status for answer in answers} <= {200, 302, 403, 413}


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["hex", "rot13", "zip"])
def test_request_that_django_cannot_build_is_a_bad_request_with_all_headers(charset):
    kind = ("content-type", f"application/x-www-form-urlencoded; charset={charset}")

    answer = ask("POST", FORM, kind, ("content-length", "5"), body=[b"phone"])

    assert (answer.status, "Your request was not sent." in answer.body.decode()) == (400, True)
    assert answer.headers.items() >= headers(FORM, https=False).items()


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "client"),
    [
        (0, "192.0.2.1", "203.0.113.7", "203.0.113.7"),  # a header that anybody can write
        (1, "192.0.2.1", "203.0.113.7", "192.0.2.1"),
        (1, "192.0.2.1, 198.51.100.9", "203.0.113.7", "198.51.100.9"),
        (2, "192.0.2.1, 198.51.100.9", "203.0.113.7", "192.0.2.1"),
        (2, "", "203.0.113.7", "unknown"),
        (1, "not an address", "203.0.113.7", "unknown"),
        (1, "192.0.2.1:4711", "203.0.113.7", "192.0.2.1"),  # as some proxies write it
        (1, "[2001:db8::1]:4711", "203.0.113.7", "2001:db8::/64"),
        (1, "[2001:db8::1]", "203.0.113.7", "2001:db8::/64"),
        (1, "192.0.2.1:4711:1", "203.0.113.7", "unknown"),
        (2, "192.0.2.1", "203.0.113.7", "unknown"),  # it came around one of them
        (1, "", "203.0.113.7", "unknown"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        (0, "", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        (0, "", "2001:db8:1:3::1", "2001:db8:1:3::/64"),
        (0, "", "::ffff:203.0.113.7", "203.0.113.7"),
    ],
)
def test_client_is_who_our_own_proxies_say(proxies, forwarded, peer, client, settings):
    settings.TRUSTED_PROXY_COUNT = proxies

    assert client_of({"HTTP_X_FORWARDED_FOR": forwarded, "REMOTE_ADDR": peer}) == client


def test_whole_file_of_ours_is_sent_by_its_name_and_no_other(tmp_path, settings):
    settings.STATIC_ROOT, settings.MEDIA_ROOT = tmp_path / "static", tmp_path / "media"
    for folder in ("static", "elsewhere"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.css").write_text("body {}")

    def application(environ, start_response):
        start_response("200 OK", [])
        return environ["wsgi.file_wrapper"]((tmp_path / environ["PATH_INFO"].strip("/")).open("rb"))

    ours, other = (ask("GET", path, application=application) for path in ("/static/a.css", "/elsewhere/a.css"))

    assert (ours.file, other.file) == (str(tmp_path / "static" / "a.css"), None)
    assert other.body == b"body {}"


class Slow:
    """An application that answers nothing until it may, and counts how many passwords it checks at a time."""

    def __init__(self) -> None:
        self.may_answer, self.lock = Event(), Lock()
        self.at_once = self.most_at_once = 0
        self.refused = []

    def __call__(self, environ, start_response):
        if REFUSED in environ:
            self.refused.append(environ[REFUSED])
        elif environ["REQUEST_METHOD"] == "POST":
            with self.lock:
                self.at_once += 1
                self.most_at_once = max(self.most_at_once, self.at_once)
            self.may_answer.wait()
            with self.lock:
                self.at_once -= 1
        start_response("200 OK", [])
        return [b""]


def guess(asked: Front, client: str) -> asyncio.Task:
    return asyncio.create_task(asked.__rsgi__(scope("POST", "/accounts/login/", client=client), Peer([])))


@pytest.mark.parametrize(("addresses", "taken"), [(1, 3), (3, 9), (40, 40)])
def test_passwords_are_checked_one_at_a_time_and_keep_no_page_and_no_other_address_waiting(addresses, taken):
    application = Slow()
    asked = Front(application, may_edit, lambda _: True)

    async def flood() -> int:
        tries = [guess(asked, f"203.0.113.{at % addresses}") for at in range(40)]
        await asyncio.sleep(0)
        pages = [asked.__rsgi__(scope("GET", path), Peer([])) for path in ("/", "/accounts/login/") * 10]
        await asyncio.wait_for(asyncio.gather(*pages), 10)
        waiting = asked.passwords.places.taken
        application.may_answer.set()
        await asyncio.gather(*tries)
        return waiting

    with ThreadPoolExecutor(1) as other:  # where no loop runs
        waiting = other.submit(lambda: asyncio.run(flood())).result()

    assert (application.most_at_once, waiting) == (1, taken)
    assert application.refused == [HTTPStatus.TOO_MANY_REQUESTS] * (40 - taken)
    assert not asked.passwords.places.of  # nobody is remembered


def test_one_address_that_asks_for_everything_keeps_no_other_and_no_supervisor_waiting():
    application = Slow()
    asked = Front(application, may_edit, lambda _: True)

    async def flood() -> tuple[list[int], list[int]]:
        peers = [Peer([]) for _ in range(60)]
        flooding = [asyncio.create_task(asked.__rsgi__(scope("POST", FORM), peer)) for peer in peers]
        await asyncio.sleep(0)
        others = [guest_of(asked, path, client) for path, client in (("/healthz", "203.0.113.7"), ("/", "203.0.113.8"))]
        application.may_answer.set()
        statuses = [(await other).status for other in others]
        await asyncio.gather(*flooding)
        return statuses, [peer.status for peer in peers]

    with ThreadPoolExecutor(1) as other:
        others, flooding = other.submit(lambda: asyncio.run(flood())).result()

    assert others == [200, 200]
    assert flooding == [200] * 50 + [429] * 10


def test_clients_take_turns_so_that_one_page_waits_for_no_crowd():
    done = []
    lane = Lane("test", threads=1)

    def work(environ):
        done.append(environ["REMOTE_ADDR"])

    async def crowd() -> None:
        clients = [f"203.0.113.{at}" for at in range(1, 6) for _ in range(20)] + ["203.0.113.99"]
        await asyncio.gather(*(lane.run(work, {"REMOTE_ADDR": client}) for client in clients))

    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: asyncio.run(crowd())).result()

    assert done.index("203.0.113.99") <= 6  # the one that had the thread, and one of each that came before
    assert len(done) == 101 and (lane.free, lane.waiting) == (1, {})


def test_request_whose_client_left_while_it_waited_keeps_no_thread():
    lane, may_go_on = Lane("test", threads=1), Event()

    async def leave() -> str:
        first = asyncio.create_task(lane.run(lambda _: may_go_on.wait(10), {"REMOTE_ADDR": "203.0.113.1"}))
        left = [asyncio.create_task(lane.run(lambda _: "", {"REMOTE_ADDR": "203.0.113.2"})) for _ in range(3)]
        await asyncio.sleep(0)
        for each in left:
            each.cancel()
        may_go_on.set()
        await first
        return await lane.run(lambda _: "answered", {"REMOTE_ADDR": "203.0.113.3"})

    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: asyncio.run(asyncio.wait_for(leave(), 10))).result() == "answered"
    assert not lane.places.of


def test_bodies_beyond_the_share_of_an_address_are_refused_unread(monkeypatch):
    asked = Front(tell, may_edit, lambda _: True)
    asked.bodies = Places(2, each=1)

    async def send() -> list[tuple[int, bool]]:
        peers = [Peer([0.2, b"x"]) for _ in range(4)]
        clients = ("203.0.113.7", "203.0.113.7", "203.0.113.8", "203.0.113.9")
        sent = [("content-length", "1")]
        await asyncio.gather(
            *(
                asked.__rsgi__(scope("POST", FORM, *sent, client=at), peer)
                for at, peer in zip(clients, peers, strict=True)
            )
        )
        return [peer.is_read for peer in peers]

    with ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: asyncio.run(send())).result() == [True, False, True, False]
    assert not asked.bodies.of


async def guest_of(asked: Front, path: str, client: str) -> Peer:
    peer = Peer([])
    await asked.__rsgi__(scope("GET", path, client=client), peer)
    return peer


@pytest.mark.django_db
def test_password_too_many_is_answered_in_words_and_with_a_time_to_wait(client):
    answer = client.post("/accounts/login/", {"login": "casey"}, **{REFUSED: HTTPStatus.TOO_MANY_REQUESTS})

    assert (answer.status_code, answer["Retry-After"]) == (429, "5")
    assert "<h1" in answer.text
