"""The settings of a site: what the head and the foot of every page show."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import cached_property
from wagtail.admin.panels import FieldPanel
from wagtail.models import Site
from wagtail.snippets.models import register_snippet

from facilities.directory.fact import Fact
from facilities.directory.models import Facility, PhoneLine
from facilities.pages.blocks import BodyField
from facilities.pages.words import Changed, ChangedWords, changed_words


class SiteSettings(Fact):
    """What the head and the foot of every page of one site show."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE)
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

    words = BodyField(
        ChangedWords(),
        verbose_name="words around the pages",
        help_text="What head, foot, boxes and receipts say, where it is not to be what came with the site.",
    )

    panels = [FieldPanel(name) for name in ("site", "site_name", "facility", "phone_line", "leave_address", "words")]

    class Meta:
        verbose_name = verbose_name_plural = "site settings"

    def __str__(self) -> str:
        return self.site_name

    @cached_property
    def changed_words(self) -> Changed:
        return changed_words(self.words)

    def clean(self) -> None:
        host = (urlsplit(self.leave_address).hostname or "").removeprefix("www.")
        ours = {name.removeprefix("www.") for name in Site.objects.values_list("hostname", flat=True)}
        if host in {*ours, *(name.removeprefix("www.").lstrip(".") for name in settings.ALLOWED_HOSTS)}:
            words = "This is our own site: whoever leaves would stay on it. Choose another, plain one."
            raise ValidationError({"leave_address": words})


register_snippet("facilities.pages.snippets.SiteSettingsViewSet")
