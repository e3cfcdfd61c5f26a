"""Carries pages, drafts and history over to bodies that are shown in the order in which they are written.

Until now, an article showed the care cards between its sections above all others, so they move there. Sections had no
anchor before their first save in the editor, and equal headings had the same one: of these, links found the first.

On the way back nothing is done: earlier code shows what is stored.
"""

import re

from django.db import migrations
from django.utils.text import slugify
from wagtail.blocks.migrations.migrate_operation import MigrateStreamData
from wagtail.blocks.migrations.operations import BaseBlockOperation

OF_THE_PAGE = re.compile(r"(?:main|sources|on-this-page|(?:source|note)-\d+|cited-\d+-\d+|topic-\d+)")


class CardsFirst(BaseBlockOperation):
    """At the top level of an article."""

    def apply(self, block_value):
        return sorted(block_value, key=lambda block: block["type"] != "care_card")

    @property
    def operation_name_fragment(self):
        return "cards_first"


class AnchorsDiffer(BaseBlockOperation):
    def apply(self, block_value):
        taken = set()
        return [self.with_anchor(block, taken) if block["type"] == "section" else block for block in block_value]

    def with_anchor(self, block, taken):
        value = block["value"]
        wanted = (value.get("anchor") or slugify(value.get("heading") or ""))[:56].strip("-") or "part"
        anchor, count = wanted, 1
        while anchor in taken or OF_THE_PAGE.fullmatch(anchor):
            count += 1
            anchor = f"{wanted}-{count}"
        taken.add(anchor)
        return {**block, "value": {**value, "anchor": anchor}}

    @property
    def operation_name_fragment(self):
        return "anchors_differ"


BODIES = [
    MigrateStreamData("facilities", "ArticlePage", "body", [(CardsFirst(), ""), (AnchorsDiffer(), "")]),
    MigrateStreamData("facilities", "HomePage", "body", [(AnchorsDiffer(), "")]),
]


class Migration(migrations.Migration):
    dependencies = [("facilities", "0012_writing")]

    operations = BODIES
