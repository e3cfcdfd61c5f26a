"""The page types that are written, and what they share."""

from typing import Any, Self

from django import forms
from django.db import models
from django.http import HttpRequest
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, TitleFieldPanel
from wagtail.models import Page, Site
from wagtail.search import index

from facilities.pages.blocks import BodyField
from facilities.pages.citations import Citations
from facilities.pages.cited import cited_sentences
from facilities.pages.menu import MENU_PANEL, SEARCH_PANEL, InMenu
from facilities.pages.outline import Outline
from facilities.pages.signed import what_is_signed
from facilities.pages.topics import Topic
from facilities.pages.wording import RefusesWording
from facilities.review.pages import Signed, TakesTwo
from facilities.review.sentences import CitedSentence

SUMMARY_LENGTH = 300
REVIEW_PANEL = MultiFieldPanel(
    [FieldPanel(name, read_only=True) for name in ("reviewed_by", "last_reviewed_on", "next_review_on")],
    heading="Clinical review",
    help_text="Whoever approves the page signs it. Their name and credentials come from their account.",
)


class WrittenPage(TakesTwo, RefusesWording, Page):
    """What every written page has: a summary that answers its heading, and a body of sections with numbered sources."""

    is_advised = True  # the editor shows advice on its text
    summary = models.TextField(max_length=SUMMARY_LENGTH, help_text="The plain answer first, in 40 words or fewer.")
    body = BodyField()

    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]
    promote_panels = [SEARCH_PANEL]
    search_fields = [*Page.search_fields, index.SearchField("summary"), index.SearchField("body")]

    class Meta:
        abstract = True

    def what_is_signed(self) -> dict[str, Any]:
        return what_is_signed({"title": self.title, "summary": self.summary}, self.body)

    def cited_sentences(self) -> list[CitedSentence]:
        return cited_sentences(self.body)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found = {"outline": Outline(self.body), "citations": Citations(self.body)}
        return super().get_context(request, *args, **kwargs) | found


class FixedAddress(models.Model):
    """For a page type that code links to: its address is the same on every site, whatever its title. Before Page."""

    FIXED_SLUG = ""

    class Meta:
        abstract = True

    @classmethod
    def of(cls, request: HttpRequest) -> Self | None:
        """The published one of the site that was asked. Raises Error."""
        site = Site.find_for_request(request)
        return cls.objects.live().child_of(site.root_page).first() if site else None

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.slug = self.FIXED_SLUG
        super().full_clean(*args, **kwargs)


class HomePage(WrittenPage):
    """The first page of the site."""

    heading = models.CharField(
        max_length=120, help_text="What the page says first. The title is for the browser's tab."
    )

    content_panels = [TitleFieldPanel("title"), FieldPanel("heading"), FieldPanel("summary"), FieldPanel("body")]
    template = "facilities/home_page.html"
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "facilities.ArticleIndexPage",
        "facilities.FacilityIndexPage",
        "facilities.InsurancePage",
        "facilities.StandardPage",
        "facilities.StayingSafePage",
    ]
    max_count = 1


class ArticleIndexPage(InMenu, TakesTwo, RefusesWording, Page):
    """The list of articles, by topic where somebody chose one: ?topic=…"""

    summary = models.TextField(max_length=SUMMARY_LENGTH, blank=True)

    content_panels = [*Page.content_panels, FieldPanel("summary")]
    promote_panels = [SEARCH_PANEL, MENU_PANEL]
    template = "facilities/article_index_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types = ["facilities.ArticlePage"]

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        articles = ArticlePage.objects.child_of(self).live().order_by("title")
        topics = list(Topic.objects.filter(articles__in=articles).distinct())
        asked = request.GET.get("topic", "")
        topic = next((topic for topic in topics if topic.slug == asked), None)
        found = {
            "articles": articles.filter(topics=topic) if topic else articles,
            "topics": topics,
            "topic": topic,
            "is_unknown_topic": bool(asked) and topic is None,
        }
        return super().get_context(request, *args, **kwargs) | found


class ArticlePage(WrittenPage, Signed):
    """One article: an honest answer to one question, reviewed by a named clinician, with its sources."""

    topics = ParentalManyToManyField(Topic, blank=True, related_name="articles")

    content_panels = [
        *WrittenPage.content_panels,
        FieldPanel("topics", widget=forms.CheckboxSelectMultiple),
        REVIEW_PANEL,
    ]
    template = "facilities/article_page.html"
    parent_page_types = ["facilities.ArticleIndexPage"]
    subpage_types = []


class StandardPage(InMenu, WrittenPage):
    """Any other page: how we write and review, accessibility, how we are paid."""

    promote_panels = [SEARCH_PANEL, MENU_PANEL]
    template = "facilities/standard_page.html"
    parent_page_types = ["facilities.HomePage"]
    subpage_types = []
