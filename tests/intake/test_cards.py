"""Photos of the insurance card: sealed as they come, drawn anew for staff with a trace of each look, and erased."""

import contextlib
import re
import resource
import struct
import threading
import time
from io import BytesIO

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from config.edge.middleware import body_limit
from intake.callbacks import card_views, crowd, spool
from intake.callbacks.contract import NotTheContract, Photo
from intake.callbacks.inbox import failed_messages, open_messages
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import find_receipt, token_hash
from intake.insurance import cards, drawing
from intake.insurance.cards import Busy, NoPicture, cards_of, drawn_anew
from intake.leads.models import Lead
from intake.leads.wishes import hear
from tests.factories import make_lead, make_message, make_user, page_of, send_request, sign_in

CAMERA = "Zebulon's phone, 36.1699 N"
PIXELS = (90, 60)

db = pytest.mark.django_db
pytestmark = pytest.mark.usefixtures("insurance_is_shown")


def photo(kind: str = "JPEG", size: tuple[int, int] = PIXELS, *, orientation: int = 1) -> bytes:
    """A picture with what a camera writes into it."""
    exif, drawn = Image.Exif(), BytesIO()
    exif[0x010F], exif[0x0112] = CAMERA, orientation
    Image.new("RGB", size, "tan").save(drawn, kind, exif=exif)
    return drawn.getvalue()


@pytest.fixture(autouse=True)
def _nobody_came_before():
    crowd.forget()


@pytest.fixture
def token(db) -> str:
    return send_request(name="Sam")


def send(client, token: str, picture: bytes | None = None, side: str = "front", **headers):
    sent = {"photo": SimpleUploadedFile("card of Zebulon.jpg", photo() if picture is None else picture)}
    return client.post(f"/request/{token}/insurance/{side}/", sent, headers=headers)


def opened(client, token: str, *pictures: bytes) -> Lead:
    for picture in pictures or [photo()]:
        send(client, token, picture)
    while open_messages():
        pass
    return Lead.objects.get()


def photos_stored() -> int:
    return CallbackMessage.objects.filter(kind__in=CallbackMessage.PHOTOS).count()


# --- What the visitor does ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_photo_is_sealed_by_the_public_role_without_a_look_into_it(client, token, become, monkeypatch, kind):
    monkeypatch.setattr(Image, "open", None)  # decoding would fail
    become("site")

    response = send(client, token, photo(kind))
    page = client.get(response["Location"])

    assert (response.status_code, response["Location"]) == (303, f"/request/{token}/insurance/#photos")
    assert (bool(page.context["front_at"]), page.context["back_at"]) == (True, "")


@pytest.mark.parametrize("end", ["", "insurance/"])
def test_pages_name_each_side_that_arrived_and_no_other(client, token, end):
    seen = []
    for side in ("", "front", "back"):
        if side:
            send(client, token, side=side)
        text = client.get(f"/request/{token}/{end}").text
        seen.append([words in text for words in ("have the front of your card", "have the back of your card")])

    assert seen == [[False, False], [True, False], [True, True]]


def test_nothing_of_a_photo_is_readable_at_rest(client, token):
    picture = photo()
    send(client, token, picture, "back")

    row = CallbackMessage.objects.get(kind="card_back")

    stored = bytes(row.sealed) + bytes(row.receipt)
    assert CAMERA.encode() in picture
    assert CAMERA.encode() not in stored
    assert len(row.sealed) > len(picture)


@pytest.mark.parametrize(
    "picture", [b"", b"GIF89a", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"RIFF1234AVI "]
)
def test_what_is_no_photo_is_refused_in_words(client, token, picture):
    response = send(client, token, picture)

    assert (response.status_code, photos_stored()) == (422, 0)
    assert response.context["photo_problem"] == card_views.NO_PHOTO


def test_photo_of_eight_megabytes_is_taken_and_one_byte_more_is_not(client, token):
    whole = photo() + b"\x00" * (django_settings.CARD_BYTES - len(photo()))

    answers = [send(client, token, whole), send(client, token, whole + b"\x00")]

    assert [answer.status_code for answer in answers] == [303, 422]
    assert photos_stored() + spool.count() == 1


@pytest.mark.parametrize(
    ("path", "is_raised"),
    [
        ("/request/abc_-/insurance/front/", True),
        ("/request/abc/insurance/back/", True),
        ("/request/abc/insurance/", False),
        ("/request/abc/insurance/front", False),
        ("/request/abc/insurance/front/x", False),
        ("/request/a/b/insurance/front/", False),
        (f"/request/{'a' * 65}/insurance/front/", False),
        ("/request-a-call/", False),
    ],
)
def test_only_the_two_addresses_of_a_photo_take_large_bodies(path, is_raised):
    assert (body_limit(path) > django_settings.PUBLIC_BODY_LIMIT) == is_raised


@db
def test_body_over_the_limit_is_refused_unread_in_words_about_a_photo(client):
    response = client.generic("POST", "/request/abc/insurance/front/", CONTENT_LENGTH=str(9_000_000))

    assert response.status_code == 413
    assert "8\N{NO-BREAK SPACE}MB" in response.text
    assert 'href="/request/abc/"' in response.text


def test_photo_never_touches_the_disk_of_the_public_process(client, token, monkeypatch):
    monkeypatch.setattr("django.core.files.uploadhandler.TemporaryUploadedFile", None)

    response = send(client, token, photo() + b"\x00" * 3_000_000)

    assert response.status_code == 303


def test_each_side_is_taken_a_few_times(client, token):
    answers = [send(client, token).status_code for _ in range(card_views.OF_ONE_SIDE + 1)]

    assert answers == [303] * card_views.OF_ONE_SIDE + [422]
    assert send(client, token, side="back").status_code == 303


def test_flood_of_photos_from_one_network_is_refused_and_nobody_else_is(client, settings, db):
    settings.REQUESTS_AN_HOUR = 1
    tokens = [send_request(name=name) for name in ("A", "B", "C")]

    answers = [send(client, each).status_code for each in tokens]
    client.defaults["REMOTE_ADDR"] = "192.0.2.8"

    assert (answers, send(client, tokens[2]).status_code) == ([303, 303, 429], 303)


@pytest.mark.parametrize("link", ["wrong", "stopped"])
def test_link_that_is_wrong_or_over_takes_no_photo(client, token, link):
    if link == "stopped":
        client.post(f"/request/{token}/", {"wish": "stop"})

    response = send(client, "w" * 22 if link == "wrong" else token)

    assert (response.status_code, photos_stored()) == (404 if link == "wrong" else 303, 0)


@db
def test_request_that_is_held_takes_no_photo_until_somebody_has_looked(client):
    held = client.post("/request-a-call/", {"phone": "702 555 0163", "consent": "on", "website": "x"})
    token = held["Location"].split("/")[2]

    answer = send(client, token)

    assert (answer.status_code, photos_stored()) == (409, 0)
    assert answer.context["photo_problem"]
    page = client.get(f"/request/{token}/insurance/")
    assert (page.context["takes_photos"], 'type="file"' in page.text) == (False, False)
    assert "We take photos once we have looked at your request." in page.text


def test_photo_from_another_site_is_refused(client, token):
    response = send(client, token, **{"Sec-Fetch-Site": "cross-site"})

    assert (response.status_code, photos_stored()) == (403, 0)


def test_photos_leave_half_of_the_spool_to_requests(token, monkeypatch):
    monkeypatch.setattr(spool, "MOST_PAGES", 200)

    def row(kind: str, size: int) -> CallbackMessage:
        return CallbackMessage(kind=kind, sealed=b"x" * size, token_hash=b"t", receipt=b"r")

    spool.keep(row("card_front", 410_000))
    with pytest.raises(spool.NotKept):
        spool.keep(row("card_front", 110_000))
    spool.keep(row("request", 3_000))

    assert spool.count() == 2


# --- What the desk has of it ----------------------------------------------------------------------------------------


def test_desk_shows_the_photo_drawn_anew_never_cached_and_each_look_leaves_a_trace(client, token):
    lead, user = opened(client, token), make_user()
    sign_in(client, user)
    card = cards_of(lead).get()
    page = reverse("desk:insurance", args=[lead.pk])
    picture = reverse("desk:card", args=[lead.pk, card.pk])

    listed, shown = client.get(page).text, client.get(page, {"card": str(card.pk)}).text
    looks = [client.get(picture), client.get(picture)]

    assert (f'src="{picture}"' in listed, f'src="{picture}"' in shown) == (False, True)
    assert [(look.status_code, look["Content-Type"], look["Cache-Control"]) for look in looks] == [
        (200, "image/jpeg", "no-store, private")
    ] * 2
    assert Image.open(BytesIO(looks[0].content)).size == PIXELS
    assert CAMERA.encode() not in looks[0].content
    seen = lead.activities.filter(kind="card_seen").values_list("by", "detail")
    assert list(seen) == [(user.pk, {"side": "card_front"})] * 2
    assert lead.activities.filter(kind="card_sent").count() == 1


def test_photo_is_named_by_its_side_and_what_to_do_without_it_is_a_sentence(client, token):
    lead = opened(client, token)
    sign_in(client, make_user())

    text = client.get(f"{reverse('desk:insurance', args=[lead.pk])}?card={cards_of(lead).get().pk}").text

    assert 'alt="Front of the insurance card"' in text
    assert "Load the page again" in re.sub("<[^>]*>", "", text)


def test_lead_page_says_that_there_are_photos(client, token):
    open_messages()
    sign_in(client, make_user())
    lead = Lead.objects.get()
    before = [panel["has_cards"] for panel in client.get(page_of(lead)).context["panels"]]

    opened(client, token)

    assert (before, [panel["has_cards"] for panel in client.get(page_of(lead)).context["panels"]]) == ([False], [True])


def test_photo_is_turned_upright_and_made_smaller():
    drawn = Image.open(BytesIO(drawn_anew(photo(size=(4000, 1000), orientation=6))))

    assert drawn.size == (500, drawing.LONGEST_SIDE)
    assert dict(drawn.getexif()) == {}


@pytest.mark.parametrize(
    "picture",
    [photo()[:200], photo("PNG")[:60], b"\xff\xd8\xff" + b"x" * 100, photo("PNG", (6000, 6000)), photo("GIF"), b""],
    ids=["cut JPEG", "cut PNG", "no JPEG", "36 million pixels", "GIF", "nothing"],
)
def test_what_cannot_or_must_not_be_decoded_is_no_picture(picture):
    with pytest.raises(NoPicture):
        drawn_anew(picture)


@settings(max_examples=20, deadline=None)  # each starts a program
@given(st.binary(max_size=200), st.integers(0, 600))
def test_bytes_of_any_kind_in_a_photo_are_a_picture_or_none_and_no_error(noise, place):
    whole = photo()
    with contextlib.suppress(NoPicture):
        drawn_anew(whole[:place] + noise + whole[place + len(noise) :])


def endless(side: int = 9000, scans: int = 20_000) -> bytes:
    """A progressive JPEG of some megabytes whose scans say nothing, and each of which is a way over all its blocks."""
    blocks = ((side + 7) // 8) ** 2

    def segment(marker: int, body: bytes) -> bytes:
        return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body

    runs = "011111111111111" * -(-blocks // 32767)
    padded = runs + "1" * (-len(runs) % 8)
    entropy = int(padded, 2).to_bytes(len(padded) // 8, "big").replace(b"\xff", b"\xff\0")
    parts = [
        b"\xff\xd8",
        segment(0xDB, b"\0" + b"\1" * 64),
        segment(0xC2, struct.pack(">BHHB", 8, side, side, 3) + b"".join(bytes([i, 0x11, 0]) for i in (1, 2, 3))),
        segment(0xC4, bytes([0x00, 1] + [0] * 15) + b"\0"),
        segment(0xC4, bytes([0x10, 1, 1] + [0] * 14) + bytes([0xE0, 0x00])),
        segment(0xDA, bytes([1, 1, 0, 0, 0, 0])) + b"\0" * ((blocks + 7) // 8),
    ]
    for scan in range(scans):
        parts.append(segment(0xDA, bytes([1, 1 + scan % 3, 0, 1 + scan % 63, 63, 0])) + entropy)
    return b"".join([*parts, b"\xff\xd9"])


def test_picture_that_is_decoded_for_minutes_is_ended_within_seconds_and_takes_none_of_our_memory():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.process_time()

    with pytest.raises(NoPicture):
        drawn_anew(endless())

    assert time.process_time() - began < 2
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100_000  # kB
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    assert children > 0


def test_look_while_others_are_drawn_is_asked_to_come_again(client, token, monkeypatch):
    monkeypatch.setattr(cards, "_places", threading.BoundedSemaphore(1))
    monkeypatch.setattr(cards, "PATIENCE", 0.01)
    lead = opened(client, token)
    sign_in(client, make_user())
    address = reverse("desk:card", args=[lead.pk, cards_of(lead).get().pk])
    with cards._places:
        with pytest.raises(Busy):
            drawn_anew(photo())
        busy = client.get(address)

    assert (busy.status_code, client.get(address).status_code) == (503, 200)


def test_program_that_draws_is_told_no_secret(monkeypatch, tmp_path):
    program = tmp_path / "drawing.py"
    program.write_text("import os\nprint(sorted(os.environ))")
    monkeypatch.setattr(cards, "DRAWING", program)
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")

    told = drawn_anew(b"").decode()

    assert "DATABASE_URL" not in told


def test_look_at_what_is_no_picture_is_a_trace_and_no_error(client, token):
    lead = opened(client, token, b"\xff\xd8\xff no picture")
    sign_in(client, make_user())

    response = client.get(reverse("desk:card", args=[lead.pk, cards_of(lead).get().pk]))

    assert (response.status_code, lead.activities.filter(kind="card_seen").count()) == (404, 1)


def test_photo_of_another_lead_is_not_found_under_this_one(client, token):
    lead, other = opened(client, token), make_lead()
    sign_in(client, make_user())
    card = cards_of(lead).get()

    response = client.get(reverse("desk:card", args=[other.pk, card.pk]))

    assert (response.status_code, lead.activities.filter(kind="card_seen").count()) == (404, 0)


@pytest.mark.parametrize("role", ["", "editor", "reviewer"])
def test_who_may_not_see_insurance_sees_no_photo(client, token, roles, role):
    lead = opened(client, token)
    sign_in(client, make_user(role))

    response = client.get(reverse("desk:card", args=[lead.pk, cards_of(lead).get().pk]))

    assert response.status_code in (302, 403)
    assert lead.activities.filter(kind="card_seen").count() == 0


def test_erasure_takes_photos_along(client, token):
    lead = opened(client, token)
    client.post(f"/request/{token}/", {"wish": "erase"})
    open_messages()

    message = CallbackMessage.objects.get(kind="card_front")
    assert (bytes(message.sealed), bytes(message.receipt), list(cards_of(lead))) == (b"", b"", [])


def test_photo_that_arrives_after_the_erasure_is_dropped(client, token):
    open_messages()
    send(client, token)
    CallbackMessage.objects.filter(kind="card_front").update(received_at="2040-01-01T00:00:00Z")
    client.post(f"/request/{token}/", {"wish": "erase"})

    while open_messages():
        pass

    assert bytes(CallbackMessage.objects.get(kind="card_front").sealed) == b""


def test_photos_never_keep_a_wish_waiting_and_are_opened_one_at_a_time(client, token):
    open_messages()
    send(client, token)
    send(client, token, side="back")
    client.post(f"/request/{token}/", {"wish": "stop"})

    assert hear(Lead.objects.get()) is True
    assert (Lead.objects.get().is_stopped, [open_messages() for _ in range(3)]) == (True, [1, 1, 0])


def test_photo_sealed_for_another_receipt_reaches_nobody(client, token):
    open_messages()
    contents = Photo(token="t" * 22, picture=photo()).to_json()
    forged = make_message(contents, kind="card_front", token_hash=token_hash(token))

    open_messages()

    assert (failed_messages(), list(cards_of(Lead.objects.get()))) == ([forged], [])


@pytest.mark.parametrize("plaintext", [b"", b"{}", b'{"token": "t"}', b'{"token": "t"}\nGIF89a', b"\n\xff\xd8\xff"])
def test_contents_that_no_honest_sender_writes_do_not_open(plaintext):
    with pytest.raises(NotTheContract):
        Photo.from_json(plaintext)


def test_receipt_tells_only_when_a_photo_was_sent(client, token):
    send(client, token)

    found = find_receipt(token)

    assert [(entry.kind, entry.reference, entry.rules) for entry in found.receipt.entries][1:] == [
        ("card_front", "", None)
    ]
