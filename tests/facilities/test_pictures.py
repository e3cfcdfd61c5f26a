"""Pictures: what may be uploaded, what each must say of itself, and which of its files are served."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from facilities.pictures.alt_text import check_alt_text
from facilities.pictures.models import Picture
from tests.factories import make_user, sign_in

pytestmark = pytest.mark.django_db
WORDS = "Two nurses talk beside an open door."


@pytest.fixture
def editor(client, roles, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_in(client, make_user("editor"))
    return client


def png(width=40, height=30):
    file = io.BytesIO()
    Image.new("1", (width, height)).save(file, "PNG")
    return file.getvalue()


def upload(client, content=None, *, name="door.png", kind="image/png", **fields):
    file = SimpleUploadedFile(name, png() if content is None else content, kind)
    data = {"title": "Door", "file": file, "description": WORDS, "licence": "Our own", "credit": "", **fields}
    return client.post(reverse("wagtailimages:add"), data)


def refused(answer):
    form = answer.context["form"]
    assert Picture.objects.count() == 0
    return {name: errors[0] for name, errors in form.errors.items()}


def test_editor_uploads_a_picture_with_its_words(editor):
    answer = upload(editor)

    picture = Picture.objects.get()
    assert (answer.status_code, picture.description, picture.licence) == (302, WORDS, "Our own")


@pytest.mark.parametrize("name", ["description", "licence"])
def test_picture_without_words_or_licence_is_refused(editor, name):
    assert list(refused(upload(editor, **{name: ""}))) == [name]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "drawing.png"),
        (b"MZ\x90\x00", "door.png"),
    ],
    ids=["svg", "svg that calls itself png", "program"],
)
def test_file_that_is_no_picture_is_refused(editor, content, name):
    assert list(refused(upload(editor, content, name=name))) == ["file"]


def test_picture_of_thirty_thousand_pixels_a_side_is_refused_in_words(editor):
    words = refused(upload(editor, png(30_000, 30_000)))

    assert "pixels" in words["file"]


def test_picture_that_is_too_large_is_refused_in_words(editor, settings):
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 50

    assert "too big" in refused(upload(editor))["file"]


@pytest.mark.parametrize(
    "words",
    [
        "Depressed-Man-Portrait-81247451",
        "bigstock-Medical-doctor-woman-over-heal-82273073",
        "IMG 2231",
        "door.jpg",
        "nurse_at_door",
        "Image of a nurse",
        "a photo of a door",
    ],
)
def test_name_of_a_file_is_no_alt_text(words):
    with pytest.raises(ValidationError):
        check_alt_text(words)


@pytest.mark.parametrize("words", [WORDS, "", "A curve over 7 days.", "A well-lit room", "A nurse, image in hand"])
def test_sentence_is_an_alt_text(words):
    check_alt_text(words)


def test_sizes_are_served_and_what_was_uploaded_is_not(editor, client):
    upload(editor)
    picture = Picture.objects.get()
    size = picture.get_rendition("width-20|format-webp")

    served = client.get(size.url)

    assert (served.status_code, served["Content-Type"], served["X-Content-Type-Options"]) == (
        *(200, "image/webp"),
        "nosniff",
    )
    assert "max-age" in served["Cache-Control"]
    assert client.get(picture.file.url).status_code == 404


@pytest.mark.parametrize("name", ["gone.webp", "..", "notes.html", ".webp"])
def test_what_is_no_size_of_a_picture_is_not_found(client, name):
    assert client.get(f"/media/images/{name}").status_code == 404
