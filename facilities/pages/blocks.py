"""The blocks that a page is written with. A section carries the heading, so that headings are always in order."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from wagtail import blocks
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.fields import StreamField
from wagtail.snippets.blocks import SnippetChooserBlock

from facilities.directory.models import PLAIN_TEXT, PhoneLine
from facilities.pages.wording import refused_wording
from facilities.sources.rich_text import FEATURE


class TextBlock(blocks.StructBlock):
    text = blocks.RichTextBlock(features=[*PLAIN_TEXT, FEATURE])

    class Meta:
        icon = "pilcrow"
        label_format = "{text}"
        template = "facilities/blocks/text.html"


class KeyFactBlock(blocks.StructBlock):
    """One fact worth a glance. It must be new: a reader with a screen reader hears everything twice otherwise."""

    fact = blocks.RichTextBlock(features=[FEATURE], max_length=240)

    class Meta:
        icon = "pick"
        label_format = "{fact}"
        template = "facilities/blocks/key_fact.html"


class CareCardBlock(blocks.StructBlock):
    """What to do when it is dangerous, in the form “Call 911 now if someone:” and a list."""

    level = blocks.ChoiceBlock(
        choices=[("non_urgent", "Non-urgent"), ("urgent", "Urgent"), ("emergency", "Emergency")], default="emergency"
    )
    heading = blocks.CharBlock(max_length=120, help_text="One thing to do.")
    body = blocks.RichTextBlock(features=["ul", "bold", "link", FEATURE])

    class Meta:
        icon = "warning"
        label_format = "{heading}"
        template = "facilities/blocks/care_card.html"


class CallToActionBlock(blocks.StructBlock):
    """One sentence, one number with who answers it, and the way to ask for a call."""

    heading = blocks.CharBlock(max_length=80)
    sentence = blocks.CharBlock(max_length=200)
    phone_line = SnippetChooserBlock(PhoneLine)

    class Meta:
        icon = "mail"
        label_format = "{heading}"
        label = "Talk to someone"
        template = "facilities/blocks/call_to_action.html"


class SectionContent(blocks.StreamBlock):
    text = TextBlock()
    key_fact = KeyFactBlock()
    care_card = CareCardBlock()
    call_to_action = CallToActionBlock()


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, help_text="A question or an action, as people say it.")
    anchor = blocks.CharBlock(
        max_length=60, required=False, help_text="The end of the link to this part. Leave it once links exist."
    )
    content = SectionContent()

    class Meta:
        icon = "title"
        label_format = "{heading}"
        template = "facilities/blocks/section.html"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        cleaned["anchor"] = slugify(cleaned["anchor"] or cleaned["heading"])
        return cleaned


class PageBody(blocks.StreamBlock):
    section = SectionBlock()
    care_card = CareCardBlock()

    MOST_CALLS_TO_ACTION = 2

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        if self.is_deferred_validation:  # a draft may hold what is not published
            return cleaned
        if refused := refused_wording(self, cleaned):
            raise refused
        if surplus := self._calls_to_action(cleaned)[self.MOST_CALLS_TO_ACTION :]:
            raise StreamBlockValidationError(block_errors=_at(surplus))
        return cleaned

    def _calls_to_action(self, value: Any) -> list[tuple[int, int]]:
        """Where they stand: the place of the section, and the place in it."""
        return [
            (place, inner)
            for place, block in enumerate(value)
            if block.block_type == "section"
            for inner, part in enumerate(block.value["content"])
            if part.block_type == "call_to_action"
        ]


def _at(surplus: list[tuple[int, int]]) -> dict[int, ValidationError]:
    """The error at each surplus block, in the form in which blocks hand errors up."""
    words = ValidationError(f"A page asks at most {PageBody.MOST_CALLS_TO_ACTION} times. Remove this one.")
    sections: dict[int, dict[int, ValidationError]] = {}
    for place, inner in surplus:
        sections.setdefault(place, {})[inner] = StructBlockValidationError(non_block_errors=[words])
    return {
        place: StructBlockValidationError(block_errors={"content": StreamBlockValidationError(block_errors=errors)})
        for place, errors in sections.items()
    }


class BodyField(StreamField):
    """The body of every page type. Its blocks stay out of migrations, which would otherwise copy them all each time."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(block_types or PageBody(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
