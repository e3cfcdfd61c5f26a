"""A pasted text, as it is read: nothing is lost without a sentence, and nothing comes in that a page may not have."""

import re

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from facilities.pasting import references as listed
from facilities.pasting.lines import Kind, Line, Place, Table
from facilities.pasting.making import TEXT, Confirmed, _Writing
from facilities.pasting.marks import NO_LINE, TOKEN, numbered
from facilities.pasting.pasted import read
from facilities.pasting.sections import FLATTENED, MENDED
from facilities.pasting.texts import content_state, stored

LIST = (
    "<h2>Sources</h2><ol><li>CDC. (2024). Fentanyl facts. https://a.example.org/x</li><li>NIDA. (2021). Heroin.</li>"
    "<li>SAMHSA. (2021). TIP 63.</li></ol>"
)
NOTHING = Confirmed({}, frozenset(), (), (), (None, None))


def written(pasted):
    """The body of the draft where nobody confirmed anything."""
    return list(_Writing(pasted, NOTHING).body())


def lines(pasted):
    return [piece for section in pasted.sections for piece in section.pieces if isinstance(piece, Line)]


def told(pasted, words):
    return any(words in sentence for sentence in pasted.told)


# --- Headings -------------------------------------------------------------------------------------------------------


def test_headings_of_any_level_become_sections_and_the_top_one_the_title():
    for top in range(1, 5):
        html = f"<h{top}>A title</h{top}><h{top + 1}>One</h{top + 1}><p>a</p><h{top + 2}>In it</h{top + 2}><p>b</p>"

        pasted = read(html + f"<h{top + 1}>Two</h{top + 1}><p>c</p>")

        assert pasted.title == "A title"
        assert [section.heading for section in pasted.sections] == ["One", "Two"]
        assert [line.text for line in lines(pasted) if line.kind is Kind.HEADING] == ["In it"]


def test_skipped_level_is_mended_and_told():
    pasted = read("<h1>T</h1><h2>One</h2><p>a</p><h5>Deep</h5><p>b</p>")

    assert "<h3" in written(pasted)[0]["value"]["content"][0]["value"]["text"]
    assert MENDED in pasted.told


def test_third_level_stands_on_the_second_and_is_told():
    pasted = read("<h1>T</h1><h2>One</h2><h3>Two</h3><h4>Three</h4><p>a</p>")

    assert any(sentence.startswith(FLATTENED) for sentence in pasted.told)


def test_bold_lines_are_headings_only_where_there_are_no_others():
    assert [each.heading for each in read("<h1>T</h1><p><b>One</b></p><p>a.</p>").sections] == ["One"]
    assert [each.heading for each in read("<h1>T</h1><h2>H</h2><p><b>One</b></p><p>a.</p>").sections] == ["H"]


def test_short_first_paragraph_is_the_summary():
    pasted = read("<h1>T</h1><p>You can stop.</p><h2>One</h2><p>a</p>")

    assert pasted.summary == "You can stop." and "You can stop." not in str(written(pasted))


# --- Word, Google Docs, plain text ----------------------------------------------------------------------------------

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.X {mso-style-parent:"";}</style>
<!--[if gte mso 9]><xml><w:WordDocument>SETTING</w:WordDocument></xml><![endif]--></head><body>
<p class=MsoTitle>Stopping safely<o:p></o:p></p><h1>What helps</h1>
<p class=MsoListParagraphCxSpFirst style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span></span><![endif]>Rest</p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>1.</span><![endif]>Water</p>
<p class=MsoNormal>Text <b style='mso-bidi-font-weight:normal'>bold</b>.<a href="#_ftn1"><span
class=X><span style='vertical-align:super'>[1]</span></span></a></p>
<div style='mso-element:footnote-list'><div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a
href="#_ftnref1"><span class=MsoFootnoteReference>[1]</span></a> CDC. (2024). Fentanyl facts.</p></div></div></body>"""
DOCS = """<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1"><h1><span
style="font-weight:400">Stopping safely</span></h1><h2><span>What helps</span></h2><ul><li dir="ltr"
aria-level="1"><p role="presentation"><span style="font-weight:400">Rest</span></p></li></ul><p><span
style="font-weight:700">Bold</span><span style="font-weight:400"> and plain.</span><span
style="font-size:0.6em;vertical-align:super">1</span></p><h2><span>References</span></h2><ol><li><p><span>CDC. (2024).
Fentanyl facts.</span></p></li></ol></b>"""


def test_text_of_word_has_its_title_lists_and_footnotes_and_none_of_its_settings():
    pasted = read(WORD)

    assert (pasted.title, pasted.sections[0].heading) == ("Stopping safely", "What helps")
    assert [(line.kind, line.level, line.text) for line in lines(pasted)[:2]] == [
        (Kind.BULLET, 0, "Rest"),
        (Kind.NUMBERED, 1, "Water"),
    ]
    assert [(mark.lines, mark.is_certain) for mark in pasted.marks] == [((1,), True)]
    assert [each.title for each in pasted.references] == ["Fentanyl facts"]
    assert "SETTING" not in str(pasted) and "mso" not in str(written(pasted))


def test_text_of_google_docs_is_bold_where_it_is_and_nowhere_else():
    pasted = read(DOCS)

    assert pasted.title == "Stopping safely"
    text = written(pasted)[0]["value"]["content"][0]["value"]["text"]
    assert re.findall(r"<b>(.*?)</b>", text) == ["Bold"]
    assert re.findall(r"<li[^>]*>(.*?)</li>", text) == ["Rest"]
    assert pasted.marks[0].lines == (1,)


def test_plain_text_has_headings_lists_and_citations():
    pasted = read(
        "My title\n\nThe answer.\n\nWhat helps\n\nA lot helps.1,2\n- one\n- two\n\nSources\n1. A. B.\n2. C. D."
    )

    assert (pasted.title, pasted.summary) == ("My title", "The answer.")
    assert [section.heading for section in pasted.sections] == ["What helps"]
    assert [line.text for line in lines(pasted) if line.is_item] == ["one", "two"]
    assert pasted.marks[0].lines == (1, 2) and len(pasted.references) == 2


# --- Citations ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "numbers", "is_certain"),
    [
        ("It helps.<sup>1,2</sup>", (1, 2), True),
        ("It helps.<sup>1</sup><sup>,</sup><sup>2</sup>", (1, 2), True),
        ("It helps [1, 2].", (1, 2), True),
        ("It helps [1][2].", (1, 2), True),
        ("It helps [1–3].", (1, 2, 3), True),
        ("It helps.¹,²", (1, 2), True),
        ("It helps.²", (2,), True),
        ("It helps.1,2 And more.", (1, 2), False),
        ("It helps1,2.", (1, 2), False),
        ("It helps (2).", (2,), False),
        ('It helps.<a href="#ref1">[1]</a>', (1,), True),
    ],
)
def test_mark_is_found_and_certain_only_where_it_is_written_as_one(text, numbers, is_certain):
    pasted = read(f"<h1>T</h1><h2>One</h2><p>{text}</p>{LIST}")

    assert [(mark.lines, mark.is_certain) for mark in pasted.marks] == [(numbers, is_certain)]
    assert pasted.marks[0].sentence.startswith("It helps")


@pytest.mark.parametrize(
    "text",
    ["In 2 of 3 people.", "About 1,2 million.", "At 1.2 mg.", "Vitamin B12.", "Within 2–3 days.", "COVID-19", "3%"],
)
def test_number_that_cites_nothing_is_left_alone(text):
    pasted = read(f"<h1>T</h1><h2>One</h2><p>{text}</p>{LIST}")

    assert pasted.marks == [] and lines(pasted)[0].text == text


def test_power_of_ten_stays_one():
    pasted = read("<h1>T</h1><h2>One</h2><p>There were 10<sup>6</sup> of them.</p>" + LIST)

    assert lines(pasted)[0].text == "There were 10⁶ of them."


def test_mark_without_a_line_in_the_list_stays_and_is_told():
    pasted = read(f"<h1>T</h1><h2>One</h2><p>It helps [9].</p>{LIST}")

    assert pasted.marks == [] and "[9]" in lines(pasted)[0].text
    assert any(sentence.startswith(NO_LINE) for sentence in pasted.told)


def test_ranges_are_counted_out():
    assert list(numbered("1-3, 7")) == [1, 2, 3, 7] and list(numbered("9-2")) == []


def test_what_nobody_confirmed_stays_in_words():
    body = str(written(read(f"<h1>T</h1><h2>One</h2><p>It helps.<sup>1,2</sup> So [3].</p>{LIST}")))

    assert "[1,2]" in body and "[3]" in body and "Fentanyl facts" in body
    assert not TOKEN.search(body)


# --- The list of sources --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fields"),
    [
        (
            "Centers for Disease Control and Prevention. (2024). Fentanyl facts. https://www.cdc.gov/fentanyl.",
            ("", "Centers for Disease Control and Prevention", "Fentanyl facts", 2024, "https://www.cdc.gov/fentanyl"),
        ),
        (
            "Jones CM, Han B, Baldwin GT. Use of medication for opioid use disorder. JAMA. 2023;330(1):1-10. "
            "doi:10.1001/jama.2023.1234",
            (
                *("Jones CM, Han B, Baldwin GT", "JAMA", "Use of medication for opioid use disorder", 2023),
                "https://doi.org/10.1001/jama.2023.1234",
            ),
        ),
        (
            "Smith, J., & Doe, A. (2020). Living well after treatment. Oxford University Press.",
            ("Smith, J., & Doe, A", "Oxford University Press", "Living well after treatment", 2020, ""),
        ),
        ("NIDA. “Heroin research report.” 2021. /li>", ("", "NIDA", "Heroin research report", 2021, "")),
    ],
)
def test_line_of_the_list_is_read_into_its_parts(words, fields):
    found = listed.read_reference(1, words)

    assert (found.authors, found.publisher, found.title, found.year, found.url) == fields


def test_day_of_reading_is_read():
    found = listed.read_reference(1, "NIDA. (2021). Heroin. https://a.example.org/x. Accessed March 3, 2024.")

    assert found.accessed_on.isoformat() == "2024-03-03"


@pytest.mark.parametrize("heading", ["Sources", "References", "REFERENCES:", "Works cited", "Bibliography", "5. Notes"])
def test_list_is_known_by_its_heading(heading):
    pasted = read(f"<h1>T</h1><h2>One</h2><p>a [1]</p><h2>{heading}</h2><p>1. A. B.</p><p>2. C. D.</p>")

    assert [each.number for each in pasted.references] == [1, 2]
    assert [each.heading for each in pasted.sections] == ["One"]


def test_line_that_nothing_cites_is_told():
    assert told(read(f"<h1>T</h1><p>a [1]</p>{LIST}"), "NIDA. (2021)")


def test_text_without_a_list_says_so():
    assert listed.NO_LIST in read("<h1>T</h1><p>a [1]</p>").told


# --- Tables and pictures --------------------------------------------------------------------------------------------


def test_table_becomes_a_table_and_no_word_runs_into_another():
    table = (
        "<table><tr><th>Medicine</th><th>How</th></tr><tr><td>Methadone</td><td><ul><li>daily</li><li>clinic</li></ul>"
    )

    pasted = read(f"<h1>T</h1><h2>One</h2>{table}</td></tr><tr><td colspan=2>Naltrexone<p>monthly</td></tr></table>")

    value = written(pasted)[0]["value"]["content"][0]["value"]["table"]
    assert [column["heading"] for column in value["columns"]] == ["Medicine", "How"]
    texts = [[BeautifulSoup(cell, "html.parser").get_text("|") for cell in row["values"]] for row in value["rows"]]
    assert texts == [["Methadone", "daily|clinic"], ["Naltrexone|monthly", ""]]


def test_box_of_one_column_is_no_table():
    pasted = read("<h1>T</h1><h2>One</h2><table><tr><td><p>Just words.</p></td></tr></table>")

    assert [line.text for line in lines(pasted)] == ["Just words."]


def test_place_of_a_picture_is_kept_in_words_and_the_picture_is_not():
    pasted = read('<h1>T</h1><h2>One</h2><p>a<img src="https://x.example.org/p.png" alt="A curve">b</p>')

    assert [place.alt for place in pasted.places] == ["A curve"]
    body = written(pasted)[0]["value"]["content"]
    assert [part["type"] for part in body] == ["text", "image", "text"]
    assert body[1]["value"]["image"]["image"] is None and "A curve" in body[1]["value"]["caption"]
    assert "x.example.org" not in str(body)


# --- What does not come in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("html", "word"),
    [
        ("<script>alert(1)</script>", "Scripts"),
        ("<style>p { color: red }</style>", "Styles"),
        ('<iframe src="https://video.example.org/1"></iframe>', "video.example.org"),
        ("<form><input value='Your name'><button>Send it</button></form>", "Send it"),
        ('<a href="javascript:alert(1)">press</a>', "press"),
        ('<a href="data:text/html,x">press</a>', "press"),
        ('<a href=" java\nscript:alert(1)">press</a>', "press"),
        ('<a href="tel:+17025550142">call us</a>', "call us"),
        ('<a href="#part">below</a>', "below"),
        ("<svg><text>drawn</text></svg>", "SVG"),
        ("<del>gone words</del>", "gone words"),
        ("<p style='display:none'>hidden words</p>", "hidden words"),
        ("<u>underlined</u>", "underlined"),
        ("<blockquote>quoted</blockquote>", "quotation"),
        ("a<sup>raised</sup>", "raised"),
        ("<object data='https://x.example.org/a.swf'></object>", "x.example.org"),
    ],
)
def test_what_a_page_may_not_have_is_left_out_with_a_sentence(html, word):
    pasted = read(f"<h1>T</h1><h2>One</h2><p>before</p>{html}<p>after</p>")

    body = str(written(pasted))
    assert told(pasted, word)
    assert not re.search(r"<(?!/?(?:p|b|i|a|ul|ol|li|h3|br)\b)\w|javascript:|data:text|alert\(1\)", body)
    assert "before" in body and "after" in body


def test_words_of_a_link_that_is_taken_off_stay():
    assert "press" in str(written(read('<h1>T</h1><h2>H</h2><p>Please <a href="javascript:x">press</a>.</p>')))


# --- For any text ---------------------------------------------------------------------------------------------------

WORD_OF_TEXT = st.text("abcdefgh", min_size=4, max_size=8)
INLINE = st.sampled_from(["b", "i", "span", "a", "sup", "u", "font", "o:p", "em"])
BLOCK = st.sampled_from(
    ["p", "div", "h1", "h2", "h3", "h5", "li", "ul", "ol", "td", "tr", "table", "blockquote", "center"]
)


def _wrapped(children):
    return st.builds(
        lambda tag, inner: f"<{tag}>{' '.join(inner)}</{tag}>", st.one_of(INLINE, BLOCK), st.lists(children, max_size=4)
    )


HTML = st.recursive(WORD_OF_TEXT, _wrapped, max_leaves=25)


def _all_words(pasted):
    body = written(pasted)
    texts = [pasted.title, pasted.summary, str(pasted.told), str([vars(each) for each in pasted.references])]
    return " ".join([*texts, BeautifulSoup(str(body), "html.parser").get_text(" ")])


@given(HTML)
def test_every_word_is_in_the_draft_or_in_a_sentence(html):
    words = re.findall(r"[a-h]{4,8}(?![^<]*>)", html)

    found = _all_words(read(f"<p>start</p>{html}"))

    assert [word for word in words if word not in found] == []


@given(st.text())
def test_any_text_is_read_and_brings_in_nothing_that_a_page_may_not_have(text):
    for body in (written(read(text)), written(read(f"<p>{text}</p>"))):
        stored_texts = re.findall(r"<[^>]*>", str(body))
        assert all(re.fullmatch(r"</?(p|b|i|ul|ol|li|h3|br|a)\b[^<>]*>", tag) for tag in stored_texts)


def tight(text):
    return re.sub(r"\s", "", text)


@given(HTML)
def test_what_is_written_is_what_the_editor_would_store(html):
    """Read into the editor and saved again, it is the same, but for the side of a mark on which a space stands."""
    editor = ContentstateConverter(TEXT)
    for section in read(f"<p>start</p>{html}").sections:
        own = [piece for piece in section.pieces if isinstance(piece, Line)]
        text = stored(own, TEXT)

        assert not text or tight(editor.to_database_format(editor.from_database_format(text))) == tight(text)
        assert {block["type"] for block in content_state(own, TEXT)["blocks"]} <= {
            *("unstyled", "header-three", "unordered-list-item", "ordered-list-item")
        }


@given(st.lists(st.integers(1, 6), min_size=1, max_size=8))
def test_no_level_is_skipped_whatever_the_headings(levels):
    pasted = read(
        "<p>start</p>" + "".join(f"<h{level}>Heading {place}</h{level}><p>x</p>" for place, level in enumerate(levels))
    )

    headings = [section.heading for section in pasted.sections if section.heading]
    inner = [line.text for line in lines(pasted) if line.kind is Kind.HEADING]
    assert sorted(headings + inner) == [f"Heading {place}" for place in range(len(levels))]
    assert headings and headings[0] == "Heading 0"


def test_very_deep_nesting_loses_no_word():
    html = "<div>" * 5000 + "deep words" + "</div>" * 5000

    assert "deep words" in _all_words(read(f"<h1>T</h1>{html}"))


def test_places_and_tables_are_pieces():
    assert {type(piece) for piece in read("<table><tr><td>a</td><td>b</td></tr></table><img>").sections[0].pieces} == {
        Table,
        Place,
    }
