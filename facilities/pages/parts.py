"""The twelve kinds of part that a page is written with.

A part with a heading of its own gets its level from where it stands: `level` in the context of its template.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import cached_property
from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup, StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page
from wagtail.snippets.blocks import SnippetChooserBlock

from facilities.directory.claims import Claim
from facilities.directory.models import PLAIN_TEXT, PhoneLine
from facilities.pictures.alt_text import check_alt_text
from facilities.sources.rich_text import FEATURE

LINE = ["bold", "italic", "link", FEATURE]  # what one line of a list or a table may hold
WRITING, SAFETY, SHOWING, WAYS_ON = "Writing", "Safety", "Showing", "Ways on"


class TextBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=[*PLAIN_TEXT, FEATURE])

    class Meta:
        icon = "pilcrow"
        group = WRITING
        label_format = "{text}"
        template = "facilities/blocks/text.html"


class StepsBlock(blocks.StructBlock):
    """What is done one after the other."""

    steps = blocks.ListBlock(blocks.RichTextBlock(features=LINE, label="Step"), min_num=2)

    class Meta:
        icon = "list-ol"
        group = WRITING
        template = "facilities/blocks/steps.html"


class QuestionBlock(blocks.StructBlock):
    question = blocks.CharBlock(max_length=160, help_text="As people ask it, with a question mark.")
    answer = blocks.RichTextBlock(features=["bold", "italic", "link", "ol", "ul", FEATURE])

    class Meta:
        icon = "help"
        group = WRITING
        label = "Question and answer"
        label_format = "{question}"
        template = "facilities/blocks/question.html"


class KeyFactBlock(blocks.StructBlock):
    """One fact worth a glance. It must be new: a reader with a screen reader hears everything twice otherwise."""

    fact = blocks.RichTextBlock(features=[FEATURE], max_length=240)

    class Meta:
        icon = "pick"
        group = SAFETY
        label_format = "{fact}"
        template = "facilities/blocks/key_fact.html"


class DoListBlock(blocks.StructBlock):
    lines = blocks.ListBlock(blocks.RichTextBlock(features=LINE, label="Line"))

    class Meta:
        icon = "check"
        group = SAFETY
        template = "facilities/blocks/do_list.html"


class DontListBlock(blocks.StructBlock):
    """The page says “do not” on every line: who listens, or is under stress, loses the heading."""

    lines = blocks.ListBlock(
        blocks.RichTextBlock(features=LINE, label="Line", help_text="Goes on after “do not”: “use alone”.")
    )

    class Meta:
        icon = "cross"
        group = SAFETY
        label = "Don't list"
        template = "facilities/blocks/dont_list.html"


class CareCardBlock(blocks.StructBlock):
    """What to do when it is dangerous, in the form “Call 911 now if someone:” and a list."""

    level = blocks.ChoiceBlock(
        choices=[("non_urgent", "Non-urgent"), ("urgent", "Urgent"), ("emergency", "Emergency")], default="emergency"
    )
    heading = blocks.CharBlock(max_length=120, help_text="One thing to do.")
    body = blocks.RichTextBlock(features=["ul", "bold", "link", FEATURE])

    class Meta:
        icon = "warning"
        group = SAFETY
        label_format = "{heading}"
        template = "facilities/blocks/care_card.html"


class WarningBlock(blocks.StructBlock):
    """What can do harm without being an emergency. Few on a page: they are to reassure, not to scare."""

    heading = blocks.CharBlock(max_length=120, help_text="Short, and about this alone.")
    body = blocks.RichTextBlock(features=["ul", *LINE])

    class Meta:
        icon = "warning"
        group = SAFETY
        label_format = "{heading}"
        template = "facilities/blocks/warning.html"


class PictureBlock(blocks.StructBlock):
    """A picture that explains. Its alt text says what it shows, its caption what to conclude."""

    image = ImageBlock(label="Picture")
    caption = blocks.RichTextBlock(features=LINE, required=False, help_text="What to conclude. Cite sources here.")

    class Meta:
        icon = "image"
        group = SHOWING
        label = "Image"
        label_format = "{caption}"
        form_layout = BlockGroup(children=["image", "caption"])
        template = "facilities/blocks/image.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        picture = None if self.is_deferred_validation else cleaned["image"]
        try:
            check_alt_text((picture and picture.contextual_alt_text) or "")
        except ValidationError as error:
            errors = {"image": StructBlockValidationError(block_errors={"alt_text": error})}
            raise StructBlockValidationError(block_errors=errors) from error
        return cleaned


class CellsBlock(TypedTableBlock):
    text = blocks.RichTextBlock(features=LINE, required=False)
    number = blocks.CharBlock(max_length=40, required=False)


class TableBlock(blocks.StructBlock):
    table = CellsBlock()
    note = blocks.RichTextBlock(
        features=LINE, required=False, label="Sources", help_text="Cite here what the whole table rests on."
    )
    has_row_headings = blocks.BooleanBlock(
        default=True, required=False, label="First column names its row", help_text="It is read out with each cell."
    )

    class Meta:
        icon = "table"
        group = SHOWING
        form_layout = BlockGroup(children=["table", "note"], settings=["has_row_headings"])
        template = "facilities/blocks/table.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        table = cleaned["table"]
        lacking = [] if self.is_deferred_validation else list(_lacking(table))
        if lacking:
            raise StructBlockValidationError(block_errors={"table": ValidationError(lacking)})
        return cleaned


def _lacking(table: Any) -> list[str]:
    """What who listens to a table cannot do without."""
    words = []
    if not table.row_data or not table.columns:
        words.append("The table is empty.")
    if not table.caption.strip():
        words.append("Say in the caption what the table shows.")
    if any(not column["heading"].strip() for column in table.columns):
        words.append("Give each column a heading.")
    return words


class CallToActionBlock(blocks.StructBlock):
    """One sentence, one number with who answers it, and the way to ask for a call."""

    heading = blocks.CharBlock(max_length=80)
    sentence = blocks.CharBlock(max_length=200)
    phone_line = SnippetChooserBlock(PhoneLine)
    page = blocks.PageChooserBlock(
        required=False, label="also leads to", help_text="A page that answers first, such as the one on insurance."
    )
    claim = SnippetChooserBlock(
        Claim, required=False, help_text="What we can prove about this call. It goes when the claim expires."
    )

    class Meta:
        icon = "mail"
        group = WAYS_ON
        label = "Call to action"
        label_format = "{heading}"
        form_layout = BlockGroup(children=["heading", "sentence", "phone_line", "page", "claim"])
        template = "facilities/blocks/call_to_action.html"


class RelatedValue(blocks.StructValue):
    @cached_property
    def live_pages(self) -> list[Page]:
        """A page that was taken down since, or deleted, is left out."""
        return [page for page in self["pages"] if page and page.live]


class RelatedPagesBlock(blocks.StructBlock):
    pages = blocks.ListBlock(blocks.PageChooserBlock(), min_num=1, max_num=4)

    class Meta:
        icon = "link"
        group = WAYS_ON
        label = "Related pages"
        template = "facilities/blocks/related_pages.html"
        value_class = RelatedValue
