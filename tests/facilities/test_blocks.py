"""The blocks of a page: headings, anchors and order computed, and what a page must keep to before it is published."""

import importlib
import json
import re
from html.parser import HTMLParser

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.loader import MigrationLoader
from django.template.loader import render_to_string
from django.test import RequestFactory
from wagtail.blocks import StreamValue
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, ReferenceIndex

from facilities.directory.models import PhoneLine
from facilities.facts import facts_of
from facilities.pages import models as pages
from facilities.pages import rules
from facilities.pages.blocks import BodyField, PageBody, SectionContent
from facilities.pages.citations import Citations
from facilities.pages.models import ArticlePage, HomePage
from facilities.pages.outline import Outline
from facilities.pictures.models import Picture
from facilities.sources.rich_text import cite
from tests.factories import make_source

pytestmark = pytest.mark.django_db

ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"
TWELVE = [
    *("text", "steps", "question", "care_card", "warning", "key_fact", "do_list", "dont_list", "image", "table"),
    *("call_to_action", "related_pages"),
]
TABLE = {
    "caption": "Medicines",
    "columns": [{"type": "text", "heading": "Name"}, {"type": "number", "heading": "Days"}],
    "rows": [{"values": ["<p>Naltrexone</p>", "7"]}],
}


def make_line():
    return PhoneLine.objects.create(label="Admissions", number="+17025550142", answered_by="our staff")


def value_of(kind):
    """A whole value of each kind of part, in its stored form."""
    line = ["<p>use alone</p>"]
    return {
        "text": {"text": "<p>You can ask.</p>"},
        "steps": {"steps": ["<p>First.</p>", "<p>Then.</p>"]},
        "question": {"question": "Can I stay?", "answer": "<p>Yes.</p>"},
        "care_card": {"level": "urgent", "heading": "Call us if:", "body": "<ul><li>you drink</li></ul>"},
        "warning": {"heading": "Not on your own", "body": "<p>Ask first.</p>"},
        "key_fact": {"fact": "<p>One in four got it.</p>"},
        "do_list": {"lines": line},
        "dont_list": {"lines": line},
        "image": {"image": None, "caption": ""},
        "table": {"table": TABLE, "note": "", "has_row_headings": True},
        "call_to_action": {"heading": "Talk", "sentence": "We listen.", "phone_line": None, "page": None},
        "related_pages": {"pages": []},
    }[kind]


def section(heading, *parts, anchor=""):
    content = [{"type": part, "value": value_of(part)} if isinstance(part, str) else part for part in parts]
    return {"type": "section", "value": {"heading": heading, "anchor": anchor, "content": content}}


def text(html):
    return {"type": "text", "value": {"text": html}}


def body_of(*parts):
    raw = [{"type": part, "value": value_of(part)} if isinstance(part, str) else part for part in parts]
    return StreamValue(PageBody(), raw, is_lazy=True)


PARTS = ("_first_parts", "_sections")
WHOLE = ("_opening", "_sections")  # with what stands beside the text


def shown(body, parts=PARTS):
    request = RequestFactory().get("/")
    context = {"outline": Outline(body), "citations": Citations(body), "facts": facts_of(request)}
    return "".join(render_to_string(f"facilities/{part}.html", context, request) for part in parts)


class Headings(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found, self.level = [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if re.fullmatch(r"h\d", tag):
            self.level = int(tag[1])
            self.found.append([self.level, ""])

    def handle_data(self, data):
        if self.level and data.strip():
            self.found[-1][1] = data.strip()  # what stands last, after words for who listens

    def handle_endtag(self, tag):
        if re.fullmatch(r"h\d", tag):
            self.level = 0


def headings(body):
    return [tuple(each) for each in Headings(shown(body)).found]


# --- The kinds ------------------------------------------------------------------------------------------------------


def test_every_page_type_has_the_same_body_of_twelve_kinds_and_sections():
    bodies = [field for model in vars(pages).values() if is_page(model) for field in bodies_of(model)]

    assert {type(field) for field in bodies} == {BodyField}
    assert {tuple(field.stream_block.child_blocks) for field in bodies} == {(*TWELVE, "section")}
    assert list(SectionContent().child_blocks) == TWELVE


def is_page(model):
    return isinstance(model, type) and issubclass(model, Page) and model is not Page and not model._meta.abstract


def bodies_of(model):
    return [field for field in model._meta.fields if field.name.startswith("body")]


def test_blocks_stay_out_of_migrations():
    _name, path, args, kwargs = BodyField(blank=True).deconstruct()

    assert (path, args) == ("facilities.pages.blocks.BodyField", [])
    assert not any(isinstance(value, (list, dict)) for value in kwargs.values())


def test_pictures_and_tables_are_wagtails_own():
    kinds = SectionContent().child_blocks

    assert isinstance(kinds["image"].child_blocks["image"], ImageBlock)
    assert isinstance(kinds["table"].child_blocks["table"], TypedTableBlock)


def test_editor_shows_sources_below_what_they_are_for_and_choices_behind_the_settings():
    kinds = {**SectionContent().child_blocks, "section": PageBody().child_blocks["section"]}
    layouts = {name: kinds[name].meta.form_layout for name in ("image", "table", "section")}

    assert [(layout.children, layout.settings) for layout in layouts.values()] == [
        (["image", "caption"], []),
        (["table", "note"], ["has_row_headings"]),
        (["heading", "content"], ["anchor"]),
    ]


@pytest.mark.parametrize("kind", TWELVE)
def test_every_kind_is_shown_in_a_section_and_before_the_first(kind):
    make_line()

    first, inside = shown(body_of(kind)), shown(body_of(section("Help", kind)))

    assert first.strip() or kind in ("image", "related_pages", "call_to_action")  # these have nothing to show here
    assert " ".join(re.sub(r"h[23]", "h", first).split()) in " ".join(re.sub(r"h[23]", "h", inside).split())


# --- Headings and anchors -------------------------------------------------------------------------------------------


def test_headings_are_one_below_what_they_stand_under():
    body = body_of(
        "care_card",
        text("<h3>Small</h3><p>One.</p>"),
        section("First", "care_card", text("<h3>Small</h3>"), "warning", "question", "do_list", "dont_list"),
        "care_card",
    )

    assert headings(body) == [
        (2, "Call us if:"),
        (2, "Small"),
        (2, "First"),
        (3, "Call us if:"),
        (3, "Small"),
        (3, "Not on your own"),
        (3, "Can I stay?"),
        (3, "Do"),
        (3, "Don't"),
        (2, "Call us if:"),
    ]


def test_text_stands_before_the_first_heading_and_care_cards_where_they_are_put():
    html = shown(body_of(text("<p>Before.</p>"), section("A", "text"), "care_card", section("B"), section("C")), WHOLE)

    places = [html.index(words) for words in ("Before.", "on-this-page", 'id="a"', "Call us if:", 'id="b"')]
    assert places == sorted(places)


def test_equal_headings_get_different_anchors_and_the_contents_lead_to_each():
    html = shown(body_of(section("Help"), section("Help"), section("Help", anchor="help"), section("???")), WHOLE)

    anchors = re.findall(r'<h2 id="([^"]+)" tabindex', html)
    assert anchors == ["help", "help-2", "help-3", "part"]
    assert re.findall(r'<li><a href="#([^"]+)"', html) == anchors


@pytest.mark.parametrize("heading", ["Sources", "Main", "On this page", "Source 1", "Note 2", "Cited 1 1"])
def test_heading_takes_no_anchor_that_the_page_needs(heading):
    (part,) = Outline(body_of(section(heading))).sections

    assert re.fullmatch(r"main|sources|on-this-page|(source|note)-\d+|cited-\d+-\d+", part.anchor) is None


def test_stored_anchor_stays_when_its_section_is_renamed_or_moved():
    first = PageBody().clean(body_of(section("Help", "text"), section("Help", "text")))
    stored = [block.value["anchor"] for block in first]
    raw = first.get_prep_value()
    raw[1]["value"]["heading"] = "Something else"

    again = PageBody().clean(StreamValue(PageBody(), [raw[1], raw[0]], is_lazy=True))

    assert (stored, [block.value["anchor"] for block in again]) == (["help", "help-2"], ["help-2", "help"])


def test_short_page_has_no_contents():
    assert "on-this-page" not in shown(body_of(section("A"), section("B")), WHOLE)


# --- Lists, tables, ways on -----------------------------------------------------------------------------------------


def test_every_line_of_a_dont_list_says_so():
    body = body_of({"type": "dont_list", "value": {"lines": ["<p>use alone</p>", "<p>mix</p>"]}})

    lines = re.findall(r"<li>(.*?)</li>", shown(body), re.DOTALL)

    assert [" ".join(line.split()) for line in lines] == ["do not use alone", "do not mix"]


def test_table_is_read_out_with_its_headings_and_cites_in_its_cells_and_below():
    source, below = make_source(), make_source()
    table = {**TABLE, "rows": [{"values": [f"<p>Naltrexone{cite(source)}</p>", "7"]}]}
    body = body_of({"type": "table", "value": {"table": table, "note": cite(below), "has_row_headings": True}})

    html = " ".join(shown(body).split())

    assert "<caption>Medicines</caption>" in html
    assert re.findall(r'<th scope="col">([^<]*)</th>', html) == ["Name", "Days"]
    assert re.search(r'<th scope="row">\s*Naltrexone.*?</th> <td class="number-cell">\s*7\s*</td>', html)
    assert re.findall(r'popovertarget="note-(\d+)"', html) == ["1", "2"]
    assert [found[0] for found in PageBody().extract_references(body)].count(type(source)) == 2


def test_related_page_that_was_taken_down_is_not_offered():
    root = Page.objects.get(depth=1)
    kept, gone = (
        root.add_child(instance=Page(title=name, slug=name, live=name == "kept")) for name in ("kept", "gone")
    )
    body = body_of({"type": "related_pages", "value": {"pages": [kept.pk, gone.pk]}})

    html = shown(body)

    assert ("kept" in html, "gone" in html) == (True, False)
    assert shown(body_of({"type": "related_pages", "value": {"pages": [gone.pk]}})).strip() == ""


# --- What is refused ------------------------------------------------------------------------------------------------


def messages_of(error):
    """Each complaint with the place where the editor shows it."""
    found = {}

    def walk(error, place):
        inner = {**getattr(error, "block_errors", {}), **(getattr(error, "cell_errors", None) or {})}
        for key, child in inner.items():
            if isinstance(child, dict):
                for column, cell in child.items():
                    walk(cell, (*place, key, column))
            else:
                walk(child, (*place, key))
        words = list(getattr(error, "non_block_errors", None) or [])
        if not inner and not words:
            words = error.messages
        for word in words:
            found.setdefault(place, []).append(str(getattr(word, "message", word)))

    walk(error, ())
    return found


def refused(*parts):
    with pytest.raises(ValidationError) as caught:
        PageBody().clean(body_of(*parts))
    return {place: words[0] for place, words in messages_of(caught.value).items()}


def test_part_without_a_heading_below_a_section_is_refused_where_it_stands():
    assert refused(section("A", "text"), "text") == {(1,): rules.BELOW_A_SECTION}


def test_key_fact_that_the_text_says_already_is_refused():
    fact = {"type": "key_fact", "value": {"fact": f"<p>One in four got it.{cite(make_source())}</p>"}}

    place = (0, "content", 1)
    assert refused(section("A", text("<p>Yes. One in four  got it. More.</p>"), fact)) == {place: rules.REPEATED}


@pytest.mark.parametrize("html", ["<ul><li>x</li></ul><p>{}</p>", "<ul><li>x</li><li>{} </li></ul>"])
def test_source_that_stands_alone_below_a_list_is_refused(html):
    alone = html.format(cite(make_source()) + cite(make_source()))

    assert refused(section("A", text(alone))) == {(0, "content", 0): rules.ALONE}


def test_third_warning_is_refused_wherever_it_stands():
    assert list(refused("warning", section("A", "warning", "text", "warning"))) == [(1, "content", 2)]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"caption": " "}, "Say in the caption what the table shows."),
        ({"columns": [{"type": "text", "heading": ""}, TABLE["columns"][1]]}, "Give each column a heading."),
        ({"rows": []}, "The table is empty."),
    ],
)
def test_table_that_cannot_be_listened_to_is_refused(change, words):
    table = {"type": "table", "value": {**value_of("table"), "table": {**TABLE, **change}}}

    assert refused(section("A", table)) == {(0, "content", 0, "table"): words}


def test_banned_wording_is_found_in_cells_captions_and_lines():
    bad = "<p>Recovery guaranteed.</p>"
    table = {**value_of("table"), "table": {**TABLE, "rows": [{"values": [bad, "7"]}]}}
    steps = {"steps": ["<p>First.</p>", bad]}

    found = refused(section("A", {"type": "table", "value": table}, {"type": "steps", "value": steps}))

    assert list(found) == [(0, "content", 0, "table", 0, 0), (0, "content", 1, "steps", 1)]


def test_draft_may_break_every_rule():
    body = body_of(section("A"), "text", "warning", "warning", "warning", {"type": "table", "value": value_of("table")})

    assert len(PageBody().clean_deferred(body)) == len(body) == 6


# --- What was written before ----------------------------------------------------------------------------------------

migration = importlib.import_module("facilities.migrations.0013_pages_are_carried_over")


def as_before():
    """An article whose care card stands last, and whose sections have no anchors, or the same."""
    return [
        section("Help", "text"),
        section("Help", "text", anchor="help"),
        {"type": "care_card", "value": value_of("care_card"), "id": "card"},
        section("Sources", "text", anchor="sources"),
    ]


def migrate():
    then = MigrationLoader(connection).project_state(("facilities", "0013_pages_are_carried_over")).apps
    for operation in migration.BODIES:
        operation.migrate_stream_data_forward(then, None)


def laid_out(raw):
    return [block["value"].get("anchor", block["type"]) for block in raw]


@pytest.mark.usefixtures("demo_pages")
def test_pages_drafts_and_history_are_carried_over(client):
    article, home = ArticlePage.objects.earliest("pk"), HomePage.objects.get()
    revisions = [page.save_revision() for page in (article, article, home)]
    for revision in revisions:
        revision.content["body"] = json.dumps(as_before())
        revision.save()
    for page in (article, home):
        type(page).objects.filter(pk=page.pk).update(body=StreamValue(PageBody(), as_before(), is_lazy=True))

    migrate()

    drafts = [json.loads(type(each).objects.get(pk=each.pk).content["body"]) for each in revisions]
    article.refresh_from_db(), home.refresh_from_db()
    of_article = ["care_card", "help", "help-2", "sources-2"]
    of_home = ["help", "help-2", "care_card", "sources-2"]
    assert [laid_out(raw) for raw in (article.body.raw_data, *drafts[:2])] == [of_article] * 3
    assert [laid_out(raw) for raw in (home.body.raw_data, drafts[2])] == [of_home] * 2
    html = client.get(ARTICLE_PATH).text
    assert (
        html.index("Call us if:") < html.index('id="help"') < html.index('id="help-2"') < html.index('id="sources-2"')
    )


@pytest.mark.usefixtures("demo_pages")
def test_pages_that_are_carried_over_twice_stay_as_they_are():
    article = ArticlePage.objects.earliest("pk")
    before = article.body.get_prep_value()

    migrate()

    article.refresh_from_db()
    assert article.body.get_prep_value() == before


# --- Pictures -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_pages")
def test_picture_is_shown_with_its_alt_text_its_size_and_several_widths(client):
    html = client.get(ARTICLE_PATH).text

    pictures = re.findall(r"<img[^>]*>", html[html.index("<main") :])
    assert len(pictures) == 2
    for picture in pictures:
        assert re.search(r'alt="[A-Z][^"]{40,}\."', picture)
        assert re.search(r'width="\d+"', picture) and re.search(r'height="\d+"', picture)
        assert picture.count("/media/images/") == 4  # three to choose from, and the one for all
        assert 'loading="lazy"' in picture


@pytest.mark.usefixtures("demo_pages")
def test_picture_in_use_is_known_to_be_used():
    picture = Picture.objects.get(title="Demo: tolerance")

    assert [reference.object_id for reference in ReferenceIndex.get_references_to(picture)] == [
        str(ArticlePage.objects.earliest("pk").pk)
    ]


def test_model_of_pictures_is_ours():
    assert isinstance(Picture._meta.get_field("licence"), models.CharField)
