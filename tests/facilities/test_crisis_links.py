"""The number of a crisis line can be tapped wherever it stands."""

import pytest
from django.utils.safestring import mark_safe

from facilities.directory.models import CrisisLine
from facilities.templatetags.crisis import crisis_links

LINES = [
    CrisisLine(number="911"),
    CrisisLine(number="988", text_number="988"),
    CrisisLine(number="1-800-662-4357", text_number="435748"),
]


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("<p>Call 911.</p>", '<p>Call <a href="tel:911">911</a>.</p>'),
        ("1-800-662-4357", '<a href="tel:1-800-662-4357">1-800-662-4357</a>'),
        ("text 435748", 'text <a href="sms:435748">435748</a>'),
        (
            '<a href="/988/">text <b>988</b></a> or 988',
            '<a href="/988/">text <b>988</b></a> or <a href="tel:988">988</a>',
        ),
        ("702-555-0988, 9110, A911", "702-555-0988, 9110, A911"),
    ],
)
def test_number_of_a_crisis_line_becomes_a_link_once(text, linked):
    assert crisis_links(mark_safe(text), LINES) == linked


def test_plain_text_stays_text():
    assert crisis_links("<b>911", LINES) == '&lt;b&gt;<a href="tel:911">911</a>'
