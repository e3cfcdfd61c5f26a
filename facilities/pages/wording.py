"""Refuses to publish a page with banned wording, and says where it stands; a draft may hold it."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail import blocks
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks.list_block import ListBlockValidationError
from wagtail.blocks.stream_block import StreamBlockValidationError
from wagtail.blocks.struct_block import StructBlockValidationError
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock, TypedTableBlockValidationError
from wagtail.fields import StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page, Revision
from wagtail.rich_text import RichText

from facilities.widgets import MomentInput
from facilities.wording import check_wording, complaints

EXPIRED = (
    "The day on which this page expires is past, so it would be taken down again at once. Take that day out, or set a "
    "later one: on the right, under Status, then Set schedule. What you wrote is kept."
)
READ_BY_ALL = ("title", "title_es", "seo_title", "search_description", "heading", "summary", "summary_es")


class WordingRefused(ValidationError):
    """A page that was about to be published by a way that shows no form: by approval, or many pages at once."""

    def __init__(self, page: Page, complaints: list[str]) -> None:
        super().__init__(complaints)
        self.page, self.complaints = page, complaints


class WordedForm(WagtailAdminPageForm):
    """Shows what is refused at its field; the body shows it at its block."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"go_live_at", "expire_at"} & self.fields.keys():
            self.fields[name].widget = MomentInput(self.fields[name].widget.attrs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in READ_BY_ALL if not self.is_deferred_validation else ():
            if name in cleaned and (found := complaints(cleaned[name] or "")):
                self.add_error(name, found)
        return cleaned

    def _post_clean(self) -> None:
        """A draft of a page that has expired can be saved. One for the review says at the top what is wrong."""
        super()._post_clean()
        if not ("expire_at" in self.errors and self._expires_as_before()):
            return
        if self.is_deferred_validation:
            del self.errors["expire_at"]
        else:
            self.add_error(None, EXPIRED)

    def _expires_as_before(self) -> bool:
        before = self.instance.expire_at
        field = self["expire_at"]
        return bool(before) and field.value() == field.field.widget.format_value(timezone.localtime(before))


class RefusesWording:
    """For a page type, before Page: whichever way it is published, its words are looked at."""

    base_form_class = WordedForm

    def publish(self, revision: Revision, *args: Any, **kwargs: Any) -> Any:
        is_already_approved = revision.approved_go_live_at is not None
        if not is_already_approved and (found := list(_complaints_of(revision.as_object()))):
            raise WordingRefused(self, found)
        return super().publish(revision, *args, **kwargs)


def _complaints_of(page: Page) -> Iterator[str]:
    """Each with the field or the section in which it stands."""
    for field in page._meta.fields:
        value = field.value_from_object(page)
        if field.name in READ_BY_ALL:
            yield from (f"{field.verbose_name.capitalize()}: {found}" for found in complaints(value or ""))
        elif isinstance(field, StreamField):
            for part in value:
                place = _heading(part.value) or part.block.label
                yield from (f"In “{place}”: {found}" for found in _within(part.block, part.value))


def _heading(value: Any) -> str:
    return value.get("heading", "") if isinstance(value, blocks.StructValue) else ""


def _within(block: blocks.Block, value: Any) -> Iterator[str]:
    if isinstance(value, str | RichText):
        yield from complaints(value)
    for _, child, inner in parts_of(block, value):
        yield from _within(child, inner)


def refused_wording(block: blocks.Block, value: Any) -> ValidationError | None:
    """The error at each text of a block that may not be published, in the form in which blocks hand errors up."""
    parts = parts_of(block, value)
    errors = {place: error for place, child, inner in parts if (error := refused_wording(child, inner))}
    if errors:
        return _error_of(block, errors)
    try:
        if isinstance(value, str | RichText):
            check_wording(value)
    except ValidationError as error:
        return error
    return None


def parts_of(block: blocks.Block, value: Any) -> Iterator[tuple[Any, blocks.Block, Any]]:
    """What a block holds: the place of each part, its kind and its value."""
    if isinstance(block, ImageBlock):  # whose value is the picture
        yield "alt_text", block.child_blocks["alt_text"], (value and value.contextual_alt_text) or ""
    elif isinstance(block, TypedTableBlock):
        yield from _parts_of_table(value)
    elif isinstance(block, blocks.StructBlock):
        yield from ((name, child, value[name]) for name, child in block.child_blocks.items())
    elif isinstance(block, blocks.StreamBlock):
        yield from ((place, part.block, part.value) for place, part in enumerate(value))
    elif isinstance(block, blocks.ListBlock):
        yield from ((place, block.child_block, inner) for place, inner in enumerate(value))


def _parts_of_table(table: Any) -> Iterator[tuple[Any, blocks.Block, Any]]:
    """The place of a cell is its row and column; caption and headings have none."""
    yield "caption", blocks.CharBlock(), table.caption
    yield from ((f"heading {place}", blocks.CharBlock(), each["heading"]) for place, each in enumerate(table.columns))
    for row, cells in enumerate(table.rows):
        yield from (((row, column), cell.block, cell.value) for column, cell in enumerate(cells))


def _error_of(block: blocks.Block, errors: dict[Any, ValidationError]) -> ValidationError:
    if isinstance(block, TypedTableBlock):
        cells: dict[int, dict[int, ValidationError]] = {}
        for place in filter(lambda place: isinstance(place, tuple), errors):
            cells.setdefault(place[0], {})[place[1]] = errors[place]
        others = [error for place, error in errors.items() if not isinstance(place, tuple)]
        return TypedTableBlockValidationError(cell_errors=cells, non_block_errors=others)
    if isinstance(block, blocks.StructBlock):
        return StructBlockValidationError(block_errors=errors)
    kind = StreamBlockValidationError if isinstance(block, blocks.StreamBlock) else ListBlockValidationError
    return kind(block_errors=errors)
