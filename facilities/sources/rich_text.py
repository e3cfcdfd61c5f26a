"""Citations within a text: how one is stored, what it refers to, and how the editor reads, shows and writes it.

Stored is `<a linktype="source" id="5"></a>`, without words: a page numbers it (facilities.pages.citations) and the
editor shows what the source is called today.
"""

from typing import Any

from django.urls import reverse_lazy
from django.utils.html import format_html
from draftjs_exporter.dom import DOM
from wagtail.admin.rich_text.converters.html_to_contentstate import KEEP_WHITESPACE, InlineEntityElementHandler
from wagtail.admin.rich_text.editors.draftail.features import EntityFeature
from wagtail.rich_text import LinkHandler
from wagtail.rich_text.feature_registry import FeatureRegistry

from facilities.sources.models import Source

FEATURE = "cite"
LINKTYPE = "source"
ENTITY = "SOURCE"
MISSING = "a source that is gone"


def cite(source: Source) -> str:
    """One citation in its stored form."""
    return format_html('<a linktype="{}" id="{}"></a>', LINKTYPE, source.pk)


def is_key(value: Any) -> bool:
    """Whether this can be the key of a source: what a browser sent may be anything."""
    return str(value).isascii() and str(value).isdigit() and len(str(value)) < 19


class CitationHandler(LinkHandler):
    """Tells Wagtail which sources a text uses, and names them where no page numbers them, as in a list of changes."""

    identifier = LINKTYPE

    @staticmethod
    def get_model() -> type[Source]:
        return Source

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        keys = [int(attrs["id"]) if is_key(attrs.get("id")) else 0 for attrs in attrs_list]
        sources = Source.objects.in_bulk(keys)
        return [format_html(" [{}]<a>", sources[key].label if key in sources else MISSING) for key in keys]

    @classmethod
    def extract_references(cls, attrs: dict) -> Any:
        if is_key(attrs.get("id")):
            yield Source, attrs["id"], "", ""


class CitationElement(InlineEntityElementHandler):
    """Reads a stored citation into the editor, where its words are the label of the source."""

    mutability = "IMMUTABLE"

    def __init__(self) -> None:
        super().__init__(ENTITY)

    def handle_starttag(self, name: str, attrs: Any, state: Any, contentstate: Any) -> None:
        super().handle_starttag(name, attrs, state, contentstate)
        key = dict(attrs).get("id")
        source = Source.objects.filter(pk=key).first() if is_key(key) else None
        state.current_block.text += f"[{source.label if source else MISSING}]"
        state.leading_whitespace = KEEP_WHITESPACE

    def get_attribute_data(self, attrs: dict) -> dict:
        return {"id": attrs.get("id")}


def store(props: dict) -> Any:
    """Writes a citation of the editor. Without its label: that would be searched, counted and soon out of date."""
    if not is_key(props.get("id")):
        return None
    return DOM.create_element("a", {"linktype": LINKTYPE, "id": str(props["id"])})


def register(features: FeatureRegistry) -> None:
    chooser = Source.snippet_viewset.chooser_viewset
    editor = EntityFeature(
        {
            "type": ENTITY,
            "icon": "openquote",
            "description": "Cite sources",
            "attributes": ["id"],
            "chooserUrls": {"sources": reverse_lazy(chooser.get_url_name("choose"))},
        },
        js=["wagtailadmin/js/chooser-modal.js", "citing.js"],
    )
    features.register_editor_plugin("draftail", FEATURE, editor)
    features.register_link_type(CitationHandler)
    features.register_converter_rule(
        "contentstate",
        FEATURE,
        {
            "from_database_format": {f'a[linktype="{LINKTYPE}"]': CitationElement()},
            "to_database_format": {"entity_decorators": {ENTITY: store}},
        },
    )
