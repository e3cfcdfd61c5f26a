"""The page on staying safe on this site, which every page links to, in each language of the visitor's side."""

from typing import Any, Self

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, override
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.search import index

from facilities.languages import SPANISH
from facilities.pages.blocks import BodyField
from facilities.pages.citations import Citations
from facilities.pages.menu import FIXED_SEARCH_PANEL, MENU_PANEL, InMenu
from facilities.pages.models import SUMMARY_LENGTH, FixedAddress, WrittenPage
from facilities.pages.outline import Outline


class StayingSafePage(FixedAddress, InMenu, WrittenPage):
    """What stays on a visitor's device, and how to remove it. Its view shows a text of ours until there is one."""

    FIXED_SLUG = "staying-safe-here"
    show_in_menus_default = False

    summary_es = models.TextField(max_length=SUMMARY_LENGTH, blank=True, verbose_name="summary, in Spanish")
    body_es = BodyField(verbose_name="body, in Spanish")

    content_panels = [
        *WrittenPage.content_panels,
        MultiFieldPanel(
            [FieldPanel("title_es"), FieldPanel("summary_es"), FieldPanel("body_es")],
            heading="In Spanish",
            help_text="With any of these empty, the Spanish side shows the text that came with this site.",
        ),
    ]
    promote_panels = [
        FIXED_SEARCH_PANEL,
        MultiFieldPanel([MENU_PANEL.children[0]], heading="Menu and footer"),
    ]
    search_fields = [*WrittenPage.search_fields, index.SearchField("summary_es"), index.SearchField("body_es")]
    template = "facilities/staying_safe_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types = []
    max_count_per_parent = 1
    preview_modes = [("", "English"), (SPANISH, "Spanish")]

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """The published one of the site that was asked, if it has the language of the request. Raises Error."""
        page = super().of(request)
        return page if page and page.is_written else None

    @property
    def is_written(self) -> bool:
        """In the language of the request."""
        return get_language() != SPANISH or all((self.title_es, self.summary_es, self.body_es))

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        if get_language() != SPANISH:
            return context | {"heading": self.title, "lead": self.summary}
        outline, citations = Outline(self.body_es), Citations(self.body_es)
        return context | {
            "heading": self.title_es, "lead": self.summary_es, "outline": outline, "citations": citations,
        }  # fmt: skip

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        with override(mode_name or "en"):
            return super().serve_preview(request, mode_name).render()
