"""Citations within a text: numbered by first appearance, led back from, counted, and kept where they were."""

import importlib
import json
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import StreamValue
from wagtail.models import ReferenceIndex
from wagtail.rich_text import RichText

from facilities.directory.models import PLAIN_TEXT
from facilities.directory.uses import uses_of
from facilities.pages.blocks import PageBody
from facilities.pages.citations import Citations
from facilities.pages.models import ArticlePage
from facilities.sources.models import Source
from facilities.sources.rich_text import FEATURE, cite
from tests.factories import make_source, make_user, sign_in

pytestmark = pytest.mark.django_db

ARTICLE_PATH = "/learn/stopping-heroin-or-fentanyl-safely/"
migration = importlib.import_module("facilities.migrations.0006_citations_stand_in_the_text")


def body_of(*texts):
    block = PageBody()
    content = [("text", {"text": RichText(text)}) for text in texts]
    return block.normalize([("section", {"heading": "Help", "anchor": "help", "content": content})])


def rendered(*texts):
    """Each text as a reader sees it, without tags, and the list at the end."""
    citations = Citations(body_of(*texts))
    words = [re.sub(r"<[^>]*>|&#8288;", "", citations.render(RichText(text))) for text in texts]
    return words, [citation.source for citation in citations.used()]


# --- Numbers --------------------------------------------------------------------------------------------------------


def test_sources_are_numbered_by_first_appearance_over_the_whole_page():
    first, second, third = make_source(), make_source(), make_source()

    words, listed = rendered(
        f"<p>One.{cite(second)} Two.{cite(first)}</p>",
        f"<ul><li>Three.{cite(second)}</li><li>Four.{cite(third)}</li></ul>",
    )

    assert words == ["One.[1] Two.[2]", "Three.[1]Four.[3]"]
    assert listed == [second, first, third]


def test_sources_that_are_cited_together_share_brackets_in_order_and_once():
    first, second = make_source(), make_source()

    words, _ = rendered(f"<p>One.{cite(first)}</p>", f"<p>Two.{cite(second)} {cite(first)}{cite(second)} More.</p>")

    assert words == ["One.[1]", "Two.[1, 2] More."]


def test_source_that_is_gone_has_no_number_and_breaks_nothing():
    gone, kept = make_source(), make_source()
    text = f'<p>One.{cite(gone)} Two.{cite(kept)} Three.<a linktype="source" id="x"></a></p>'
    gone.delete()

    assert rendered(text) == (["One. Two.[1] Three."], [kept])


def test_rendering_writes_nothing_into_the_body():
    body = body_of(f"<p>One.{cite(make_source())}</p>")
    before = json.dumps(body.get_prep_value())

    citations = Citations(body)
    citations.render(body[0].value["content"][0].value["text"])

    assert json.dumps(body.get_prep_value()) == before
    assert len(citations.used()) == 1


def test_page_without_citations_asks_for_no_source(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert rendered("<p>One.</p>") == (["One."], [])


@pytest.mark.usefixtures("demo_pages")
def test_number_has_a_name_and_its_source_a_way_back_to_each_mention(client):
    html = client.get(ARTICLE_PATH).text

    marks = re.findall(
        r'<button type="button"\s+id="cited-(\d+)-(\d+)" popovertarget="note-(\d+)"\s+aria-label="', html
    )
    backs = re.findall(r'href="#cited-(\d+)-(\d+)"', html)
    names = re.findall(r'aria-label="(Source \d+: [^"]+)"', html)
    assert sorted(backs) == sorted((number, place) for number, place, _ in marks)
    assert [number for number, _, _ in marks] == [note for _, _, note in marks]
    assert len(names) == len(marks) > 20


@pytest.mark.usefixtures("demo_pages")
def test_press_on_a_number_shows_source_year_day_of_check_and_the_way_back(client):
    source = Source.objects.get(url__contains="mm7325a1")
    Source.objects.filter(pk=source.pk).update(checked_on=date(2026, 11, 25))

    html = client.get(ARTICLE_PATH).text.replace("\N{NO-BREAK SPACE}", " ")

    note = re.search(r'<div class="note" id="note-2" popover.*?</div>', html, re.DOTALL)[0]
    assert source.title in note and "2024" in note
    assert "November 25, 2026" in note
    assert 'popovertarget="note-2"' in note and 'popovertargetaction="hide"' in note


@pytest.mark.usefixtures("demo_pages")
def test_list_of_lines_is_cited_line_by_line(client):
    html = client.get(ARTICLE_PATH).text

    medicines = re.search(r"<ul>(?:(?!</ul>).)*Vivitrol.*?</ul>", html, re.DOTALL)[0]
    lines = re.findall(r"<li.*?</li>", medicines, re.DOTALL)
    assert len(lines) == 3
    assert [line for line in lines if 'class="marks"' not in line] == []


# --- The editor -----------------------------------------------------------------------------------------------------


def converter():
    return ContentstateConverter([*PLAIN_TEXT, FEATURE])


def test_editor_reads_and_writes_a_citation_without_change():
    source = make_source(publisher="Centers for Disease Control and Prevention (CDC)", year=2024, title="Treatment")
    stored = f"<p>One.{cite(source)} Two.</p>"

    state = json.loads(converter().from_database_format(stored))
    written = converter().to_database_format(json.dumps(state))

    assert state["blocks"][0]["text"] == "One.[CDC 2024: Treatment] Two."
    assert state["entityMap"]["0"] == {"mutability": "IMMUTABLE", "type": "SOURCE", "data": {"id": str(source.pk)}}
    assert rendered(written) == rendered(stored) == (["One.[1] Two."], [source])
    assert "Treatment" not in written


@pytest.mark.parametrize("key", [None, "", "x", "1 or 1", "-1", "²", "9" * 30])
def test_citation_that_a_browser_made_up_is_not_stored(key):
    state = json.loads(converter().from_database_format(f"<p>One.{cite(make_source())}</p>"))
    state["entityMap"]["0"]["data"]["id"] = key

    assert "linktype" not in converter().to_database_format(json.dumps(state))


@pytest.mark.usefixtures("demo_pages")
def test_chooser_finds_a_source_by_its_authors_and_takes_several_at_once(client):
    found, other = make_source(authors="Quillfeather B"), make_source()
    chooser = Source.snippet_viewset.chooser_viewset
    sign_in(client, make_user("editor"))

    page = client.get(reverse(chooser.get_url_name("choose_results")), {"q": "Quillf", "multiple": "1"}).text
    chosen = client.get(
        reverse(chooser.get_url_name("chosen_multiple")), {"id": [found.pk, other.pk], "multiple": "1"}
    ).json()

    assert found.title in page and other.title not in page
    assert page.count('type="checkbox"') == 1
    assert {(source["id"], source["label"]) for source in chosen["result"]} == {
        (str(found.pk), found.label),
        (str(other.pk), other.label),
    }


def test_source_that_was_replaced_is_not_offered_anew(client):
    newer = make_source(title="Newer findings")
    make_source(title="Older findings", superseded_by=newer)
    chooser = Source.snippet_viewset.chooser_viewset
    sign_in(client, make_user("editor"))

    page = client.get(reverse(chooser.get_url_name("choose_results")), {"multiple": "1"}).text

    assert ("Newer findings" in page, "Older findings" in page) == (True, False)


@pytest.mark.usefixtures("demo_pages")
def test_new_source_is_entered_from_within_a_page(client):
    chooser = Source.snippet_viewset.chooser_viewset
    sign_in(client, make_user("editor"))
    fields = {"title": "A book", "publisher": "A house", "kind": "book", "accessed_on": "2026-11-01"}

    answer = client.post(f"{reverse(chooser.get_url_name('create'))}?multiple=1", fields).json()

    source = Source.objects.get(title="A book")
    assert [result["label"] for result in answer["result"]] == [source.label]
    assert (source.url, source.checked_on) == ("", date(2026, 11, 1))


@pytest.mark.usefixtures("demo_pages")
def test_comparison_shows_that_a_citation_was_added(client):
    article, source = ArticlePage.objects.earliest("pk"), make_source(title="Brand new findings")
    text = article.body[1].value["content"][0].value
    before = article.save_revision()
    text["text"] = RichText(text["text"].source.replace("</p>", f"{cite(source)}</p>", 1))
    after = article.save_revision()
    sign_in(client, make_user("reviewer"))

    page = client.get(reverse("wagtailadmin_pages:revisions_compare", args=[article.pk, before.pk, after.pk])).text

    added = "".join(re.findall(r'<span class="addition">(.*?)</span>', page))
    assert "Brand new findings" in added


@pytest.mark.usefixtures("demo_pages")
def test_draft_shows_its_citations_numbered(client):
    article, source = ArticlePage.objects.earliest("pk"), make_source()
    article.body = body_of(f"<p>Only in the draft.{cite(source)}</p>")
    article.save_revision()
    sign_in(client, make_user("editor"))

    page = client.get(reverse("wagtailadmin_pages:view_draft", args=[article.pk])).text

    assert f'aria-label="Source 1: {source.title}"' in page
    assert 'id="source-1"' in page and 'id="source-2"' not in page


# --- Use ------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("demo_pages")
def test_source_that_is_cited_in_a_text_is_used_and_not_deleted(client):
    source = Source.objects.get(url__contains="mm7325a1")
    sign_in(client, make_user("", is_superuser=True))

    client.post(reverse(source.snippet_viewset.get_url_name("delete"), args=[source.pk]))
    usage = client.get(reverse(source.snippet_viewset.get_url_name("usage"), args=[source.pk])).text

    assert Source.objects.filter(pk=source.pk).exists()
    assert ArticlePage.objects.earliest("pk").title in usage


@pytest.mark.usefixtures("demo_pages")
def test_source_that_only_a_draft_cites_is_used():
    article, source = ArticlePage.objects.earliest("pk"), make_source()
    unused = uses_of(source)
    article.body = body_of(f"<p>Only in the draft.{cite(source)}</p>")
    article.save_revision()

    assert (unused, uses_of(source)) == ([], [f"the draft of the page “{article.title}”"])


def test_source_that_replaces_another_is_used():
    newer = make_source()
    older = make_source(superseded_by=newer)

    assert uses_of(newer) == [f"the source “{older}”"]


# --- What a source is -----------------------------------------------------------------------------------------------


def refused_fields(source):
    with pytest.raises(ValidationError) as caught:
        source.full_clean()
    return list(caught.value.message_dict)


def test_sources_replace_one_another_in_no_circle():
    last = make_source()
    middle = make_source(superseded_by=last)
    first = make_source(superseded_by=middle)
    first.full_clean()

    last.superseded_by = first

    assert refused_fields(last) == ["superseded_by"]


def test_source_does_not_replace_itself():
    source = make_source()
    source.superseded_by = source

    assert "superseded_by" in refused_fields(source)


def test_circle_that_two_people_made_at_once_ends():
    first, second = make_source(), make_source()
    Source.objects.filter(pk=first.pk).update(superseded_by=second)
    Source.objects.filter(pk=second.pk).update(superseded_by=first)
    first.refresh_from_db()

    assert list(first.newer()) == [second, first]


def test_two_books_have_no_link_and_two_pages_not_the_same():
    make_source(url="").full_clean()
    make_source(url="").full_clean()
    page = make_source(url="https://www.example.org/a")
    same = make_source()
    same.url = page.url

    assert refused_fields(same) == ["__all__"]


def test_source_is_not_checked_before_it_was_read():
    source = make_source()
    source.accessed_on, source.checked_on = date(2026, 11, 2), date(2026, 11, 1)

    assert refused_fields(source) == ["__all__"]


# --- What was written before ----------------------------------------------------------------------------------------


def as_before(*sources):
    """Sections in the form of earlier revisions: each part with a list of what supports it, in any order."""
    a, b, c = (source.pk for source in sources)

    def part(kind, name, text, *keys):
        items = [{"type": "item", "value": key, "id": f"i{key}"} for key in keys]
        return {"type": kind, "value": {name: text, "sources": items}, "id": f"{kind}-{text[:9]}"}

    content = [
        part("text", "text", "<p>One.</p><p>Two.</p>", b),
        part("text", "text", "<p>Signs are:</p><ul><li>x</li><li>y</li></ul>", a, b),
        part("text", "text", "<ol><li>x<ul><li>z</li></ul></li><li>y</li></ol>", c),
        part("text", "text", "<p>No source.</p>"),
        part("key_fact", "fact", "Under 5 < 6.\nNew line", c, a),
    ]
    return [{"type": "section", "value": {"heading": "H", "anchor": "h", "content": content}, "id": "s"}]


AFTER = [
    "<p>One.</p><p>Two.B</p>",
    "<p>Signs are:AB</p><ul><li>x</li><li>y</li></ul>",
    "<ol><li>xC<ul><li>z</li></ul></li><li>yC</li></ol>",
    "<p>No source.</p>",
    "<p>Under 5 &lt; 6.<br/>New lineCA</p>",
]


def texts_of(raw, sources):
    names = dict(zip((str(source.pk) for source in sources), "ABC", strict=True))
    values = [part["value"] for part in raw[0]["value"]["content"]]
    assert [list(value) for value in values] == [["text"]] * 4 + [["fact"]]
    return [
        re.sub(r'<a id="(\d+)" linktype="source"></a>', lambda found: names[found[1]], text)
        for value in values
        for text in value.values()
    ]


def migrate():
    """As on a machine that is upgraded: with the models as they were then."""
    then = MigrationLoader(connection).project_state(("facilities", "0006_citations_stand_in_the_text")).apps
    for name in ("HomePage", "ArticlePage"):
        migration.operations_of(name).migrate_stream_data_forward(then, None)
    migration.count_references_anew(then, None)


@pytest.mark.usefixtures("demo_pages")
def test_sources_of_whole_parts_come_into_the_text_in_page_draft_and_history(client):
    sources = make_source(), make_source(), make_source()
    article = ArticlePage.objects.earliest("pk")
    raw = as_before(*sources)
    revisions = [article.save_revision(), article.save_revision()]
    for revision in revisions:
        revision.content["body"] = json.dumps(raw)
        revision.save()
    ArticlePage.objects.filter(pk=article.pk).update(body=StreamValue(PageBody(), raw, is_lazy=True))

    migrate()

    article.refresh_from_db()
    drafts = [revision.__class__.objects.get(pk=revision.pk).content["body"] for revision in revisions]
    found = [list(article.body.raw_data), *(json.loads(draft) for draft in drafts)]
    assert [texts_of(each, sources) for each in found] == [AFTER] * 3
    assert order_on(client.get(ARTICLE_PATH).text) == [source.title for source in (sources[1], sources[0], sources[2])]
    assert ReferenceIndex.get_references_to(sources[2]).count() == 2  # one for each part
    assert all(uses_of(source) for source in sources)


def order_on(html):
    listed = re.search(r'<section class="sources".*?</section>', html, re.DOTALL)[0]
    return re.findall(r'id="source-\d+"[^>]*>\s*<a href="[^"]*"[^>]*>([^<]*)</a>', listed)


def test_part_that_was_only_a_list_of_sources_keeps_them():
    source = make_source()

    assert rendered(migration.cite_at_the_end("", [source.pk])) == (["[1]"], [source])
