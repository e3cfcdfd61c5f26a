"""The body of a page: parts, and sections that carry the headings, so that headings are always in order."""

from typing import Any

from wagtail import blocks
from wagtail.blocks.struct_block import BlockGroup
from wagtail.fields import StreamField

from facilities.pages import parts, rules
from facilities.pages.anchors import all_different
from facilities.pages.wording import refused_wording


class Parts(blocks.StreamBlock):
    """The twelve kinds, in the order in which the editor offers them."""

    text = parts.TextBlock()
    steps = parts.StepsBlock()
    question = parts.QuestionBlock()
    care_card = parts.CareCardBlock()
    warning = parts.WarningBlock()
    key_fact = parts.KeyFactBlock()
    do_list = parts.DoListBlock()
    dont_list = parts.DontListBlock()
    image = parts.PictureBlock()
    table = parts.TableBlock()
    call_to_action = parts.CallToActionBlock()
    related_pages = parts.RelatedPagesBlock()


class SectionContent(Parts):
    pass


class SectionBlock(blocks.StructBlock):
    heading = blocks.CharBlock(max_length=120, help_text="A question or an action, as people say it.")
    content = SectionContent()
    anchor = blocks.CharBlock(
        max_length=60, required=False, help_text="The end of the link to this part. Leave it once links exist."
    )

    class Meta:
        icon = "title"
        label_format = "{heading}"
        form_layout = BlockGroup(children=["heading", "content"], settings=["anchor"])
        template = "facilities/blocks/section.html"


class PageBody(Parts):
    """Sections, with parts before the first heading, and with those between that have a heading of their own."""

    section = SectionBlock(group="Sections")

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        sections = [block.value for block in cleaned if block.block_type == "section"]
        # What is stored stays: a section that is moved or renamed keeps the address that others link to.
        for section, anchor in zip(sections, all_different(sections), strict=True):
            section["anchor"] = anchor
        if self.is_deferred_validation:  # a draft may hold what is not published
            return cleaned
        if refused := refused_wording(self, cleaned) or rules.broken(cleaned):
            raise refused
        return cleaned


class BodyField(StreamField):
    """The body of every page type. Its blocks stay out of migrations, which would otherwise copy them all each time."""

    def __init__(self, block_types: Any = None, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(block_types or PageBody(), **kwargs)

    def deconstruct(self) -> tuple[str, str, list, dict]:
        name, path, _, kwargs = super().deconstruct()
        kwargs.pop("block_lookup", None)
        return name, path, [], kwargs
