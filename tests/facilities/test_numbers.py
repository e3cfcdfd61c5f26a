"""A number stays on one line with what belongs to it, wherever it stands in a page."""

import pytest
from django.utils.html import strip_tags
from django.utils.safestring import mark_safe

from facilities.templatetags.numbers import whole_numbers

NBSP = "\N{NO-BREAK SPACE}"
WHOLE = [
    *("7 to 10 days", "1 to 2 weeks", "2 or 3 doses", "1 in 4 adults", "3 out of 10", "8 am to 9 pm"),
    *("24 hours", "20 mg", "0.4 mg", "50 percent", "98.6 °F", "½ tablet", "8:30 pm", "8 a.m.", "1.5 million"),
    *("May 2, 2027", "November 23, 2026", "Nov. 3, 2026", "2 May 2027", "May 2027", "Dec 5"),
    *("Section 42", "page 12", "TIP 63", "42 CFR Part 2", "§ 290", "extension 136", "NV 89101", "Level 3.5"),
    *(
        "50 €",
        "−5 °C",
        "US$ 50",
        "1 000 000 people",
        "2 a 3 semanas",
        "18 or older",
        "18 o más",
        "5 and 10 mg",
    ),
    *("ext. 12", "3 to 5 June 2026", "1.º de mayo", "10 de cada 100"),
    *("25 de noviembre", "3 de mayo de 2027", "200 caracteres"),
]
HYPHENED = ["7–10 days", "24-hour line", "12-step", "2026-11-26", "(702) 555-0142", "1-800-555-0142", "4 mg/0.1 mL",
            "June 3–5, 2026",
            "8 am–9 pm",
            "3–5 June 2026", "3 1/2 tablets", "702 555 0142", "COVID-19", "-5 °C", "May 30–June 2"]  # fmt: skip


@pytest.mark.parametrize("words", WHOLE)
def test_number_is_joined_to_its_unit_range_date_or_section(words):
    page = mark_safe(f"<p>We say {words}, and go on.</p>")

    assert whole_numbers(page) == page.replace(words, words.replace(" ", NBSP))


@pytest.mark.parametrize("words", HYPHENED)
def test_line_ends_at_no_hyphen_of_a_number(words):
    page = whole_numbers(mark_safe(f"<p>We say {words}, and go on.</p>"))

    begin, _, rest = page.partition('<span class="whole">')
    assert (begin, rest.partition("</span>")[0].replace(NBSP, " ")) == ("<p>We say ", words)


@pytest.mark.parametrize("words", WHOLE + HYPHENED)
def test_what_is_copied_or_searched_has_the_same_words(words):
    assert strip_tags(whole_numbers(mark_safe(f"<p>{words}</p>"))).replace(NBSP, " ") == words


@pytest.mark.parametrize(
    "markup",
    [
        '<a title="20 mg" href="/7-10-days/">a</a>',
        "<textarea>\n20 mg, (702) 555-0142</textarea>",
        "<option>8 am</option>",
        "<p>&#39;12&#39;</p>",
        "<p>What in 2022, about</p>",
        "<p>It was in 2022 and later.</p>",
    ],
)
def test_nothing_else_is_touched(markup):
    assert whole_numbers(mark_safe(markup)) == markup


def test_number_that_is_parted_by_markup_is_joined_all_the_same():
    assert whole_numbers(mark_safe("<p><b>30 </b>days</p>")) == f"<p><b>30{NBSP}</b>days</p>"
    assert whole_numbers(mark_safe("<p><b>702</b> 555-0142</p>")).startswith(f"<p><b>702</b>{NBSP}")


def test_number_in_bold_is_joined_to_its_unit():
    assert whole_numbers(mark_safe("<p><b>20</b> mg</p>")) == f"<p><b>20</b>{NBSP}mg</p>"


def test_what_would_not_fit_on_a_small_phone_may_break():
    joined = whole_numbers(mark_safe("<p>Buprenorphine 1,000,000 milligrams</p>"))

    assert max(len(part) for part in joined.split(" ")) <= len(f"Buprenorphine{NBSP}milligrams")
    assert " " in joined
