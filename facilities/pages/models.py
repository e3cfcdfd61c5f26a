"""The page types, and the settings of the site."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Page, Site
from wagtail.search import index

from facilities.directory.models import Facility, PhoneLine
from facilities.pages.blocks import BodyField
from facilities.pages.citations import Citations
from facilities.pages.outline import Outline
from facilities.pages.wording import RefusesWording
from facilities.widgets import DayInput

SUMMARY_LENGTH = 300


class WrittenPage(RefusesWording, Page):
    """What every written page has: a summary that answers its heading, and a body of sections with numbered sources."""

    summary = models.TextField(max_length=SUMMARY_LENGTH, help_text="The plain answer first, in 40 words or fewer.")
    body = BodyField()

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = {"outline": Outline(self.body), "citations": Citations(self.body)}
        return super().get_context(request, *args, **kwargs) | found


class HomePage(WrittenPage):
    """The first page of the site."""

    heading = models.CharField(
        max_length=120, help_text="What the page says first. The title is for the browser's tab."
    )

    content_panels = [TitleFieldPanel("title"), FieldPanel("heading"), FieldPanel("summary"), FieldPanel("body")]
    template = "facilities/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = ["facilities.ArticleIndexPage"]
    max_count = 1


class ArticleIndexPage(RefusesWording, Page):
    """The list of articles, at /learn/."""

    summary = models.TextField(max_length=SUMMARY_LENGTH, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    template = "facilities/article_index_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types = ["facilities.ArticlePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).live().order_by("title")
        return super().get_context(request, *args, **kwargs) | {"articles": articles}


class ArticlePage(WrittenPage):
    """One article: an honest answer to one question, reviewed by a named clinician, with its sources."""

    reviewed_by = models.CharField(max_length=120, blank=True, help_text="The clinician, with credentials.")
    last_reviewed_on = models.DateField(null=True, blank=True)
    next_review_on = models.DateField(null=True, blank=True)

    content_panels = [
        *WrittenPage.content_panels,
        MultiFieldPanel(
            [
                FieldPanel("reviewed_by"),
                FieldPanel("last_reviewed_on", widget=DayInput),
                FieldPanel("next_review_on", widget=DayInput),
            ],
            heading="Clinical review",
        ),
    ]
    template = "facilities/article_page.html"
    parent_page_types = ["facilities.ArticleIndexPage"]
    subpage_types = []


@register_setting(icon="cog")
class SiteSettings(BaseSiteSetting):
    """What the head and the foot of every page show."""

    site_name = models.CharField(max_length=60, default="Quietline")
    facility = models.ForeignKey(Facility, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    phone_line = models.ForeignKey(
        PhoneLine,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text="The number in the header.",
    )
    leave_address = models.URLField(
        default="https://www.weather.gov/",
        help_text="Where “Leave this page” leads. Choose a plain site that shows nothing personal.",
    )

    select_related = ["facility", "phone_line"]

    class Meta:
        verbose_name = "site settings"

    def clean(self) -> None:
        host = (urlsplit(self.leave_address).hostname or "").removeprefix("www.")
        ours = {name.removeprefix("www.") for name in Site.objects.values_list("hostname", flat=True)}
        if host in {*ours, *(name.removeprefix("www.").lstrip(".") for name in settings.ALLOWED_HOSTS)}:
            words = "This is our own site: whoever leaves would stay on it. Choose another, plain one."
            raise ValidationError({"leave_address": words})
