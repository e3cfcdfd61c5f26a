"""Moves the sources of whole parts into their texts, in pages, drafts and revisions alike.

What supported a whole part stands at its end. Where that is a list, a number after the last line would say that it
proves that line alone: the words that lead to the list are cited, or each of its lines if there are none.

On the way back nothing is done: earlier code shows a citation as an empty link, and loses none.
"""

from bs4 import BeautifulSoup, Tag
from django.db import migrations
from django.db.models import F
from django.utils.html import escape, linebreaks
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation
from wagtail.models import ReferenceIndex

LISTS = ("ol", "ul")


class CiteInText(BaseBlockOperation):
    """From {"text": "<p>…</p>", "sources": […]} to {"text": "<p>…<a linktype="source" id="5"></a></p>"}."""

    def __init__(self, name, *, is_plain):
        self.name = name
        self.is_plain = is_plain

    def apply(self, block_value):
        value = dict(block_value)
        keys = [_key(item) for item in value.pop("sources", None) or []]
        text = value.get(self.name) or ""
        text = linebreaks(escape(text)) if self.is_plain and text else text
        return value | {self.name: cite_at_the_end(text, [key for key in keys if key is not None])}

    @property
    def operation_name_fragment(self):
        return "cite_in_text"

    def deconstruct(self):
        return f"{__name__}.CiteInText", [self.name], {"is_plain": self.is_plain}


def _key(item):
    """Of a source in a list block, in today's form or in that of early revisions."""
    return item.get("value") if isinstance(item, dict) else item


def cite_at_the_end(html, keys):
    if not keys:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for place in _places(soup):
        nested = place.find(LISTS, recursive=False)
        for key in keys:
            mark = soup.new_tag("a", attrs={"linktype": "source", "id": str(key)})
            nested.insert_before(mark) if nested else place.append(mark)
    return str(soup)


def _places(soup):
    parts = [part for part in soup.contents if isinstance(part, Tag)]
    if not parts:
        soup.append(soup.new_tag("p"))
        return [soup.p]
    if parts[-1].name not in LISTS:
        return [parts[-1]]
    leads = len(parts) > 1 and parts[-2].name == "p"
    return [parts[-2]] if leads else parts[-1].find_all("li", recursive=False)


def operations_of(model_name):
    return MigrateStreamData(
        "facilities",
        model_name,
        "body",
        [
            (CiteInText("text", is_plain=False), "section.content.text"),
            (CiteInText("fact", is_plain=True), "section.content.key_fact"),
        ],
    )


def count_references_anew(apps, schema_editor):
    """Where a page names a source has changed; that it names it is what refuses to delete it."""
    for name in ("HomePage", "ArticlePage"):
        for page in apps.get_model("facilities", name).objects.all():
            ReferenceIndex.create_or_update_for_object(page)


def fill_checked_on(apps, schema_editor):
    """Until now, the one date was that of the last reading."""
    apps.get_model("facilities", "Source").objects.filter(checked_on=None).update(checked_on=F("accessed_on"))


class Migration(migrations.Migration):
    dependencies = [("facilities", "0005_sources_say_more")]

    operations = [
        migrations.RunPython(fill_checked_on, migrations.RunPython.noop),
        operations_of("HomePage"),
        operations_of("ArticlePage"),
        migrations.RunPython(count_references_anew, migrations.RunPython.noop),
    ]
