"""The pages right below a home page: the menu shows those that staff put there, the foot of a page shows all."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page, Site, get_page_models

from facilities.languages import in_language_of_page


class InMenu(models.Model):
    """For a page type that stands right below the home page, before Page."""

    show_in_menus_default = True

    title_es = models.CharField(
        max_length=120,
        blank=True,
        verbose_name="title, in Spanish",
        help_text="For menu and footer of the Spanish pages. Say there if the page itself is in English.",
    )

    class Meta:
        abstract = True


SEARCH_PANEL = MultiFieldPanel(
    [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")], heading="For search engines"
)
# Of a page whose address other pages rely on, which stays.
FIXED_SEARCH_PANEL = MultiFieldPanel(
    [FieldPanel("seo_title"), FieldPanel("search_description")], heading="For search engines"
)
MENU_PANEL = MultiFieldPanel(
    [
        FieldPanel(
            "show_in_menus", heading="In the menu", help_text="The footer shows each page, the menu only these."
        ),
        FieldPanel("title_es"),
    ],
    heading="Menu and footer",
)


@dataclass(frozen=True)
class PageLink:
    """A page of the menu or the footer, as plain values: nothing asks the database again in a template."""

    title: str
    title_es: str
    path: str
    is_in_menu: bool

    @property
    def words(self) -> str:
        return in_language_of_page(self.title, self.title_es)


def pages_below(sites: Iterable[Site]) -> dict[int, Sequence[PageLink]]:
    """For each root page of these sites, the published pages right below it, in the order of the tree. One query."""
    roots = {site.root_page_id: site.root_page for site in sites}
    if not roots:
        return {}
    spanish = [f"{model._meta.model_name}__title_es" for model in get_page_models() if issubclass(model, InMenu)]
    below = reduce(or_, (Q(path__startswith=root.path, depth=root.depth + 1) for root in roots.values()))
    by_path = {root.path: root for root in roots.values()}
    found: dict[int, list[PageLink]] = defaultdict(list)
    for page in Page.objects.live().filter(below).annotate(title_es=Coalesce(*spanish)).order_by("path"):
        root = by_path[page.path[: -Page.steplen]]
        path = "/" + page.url_path.removeprefix(root.url_path)
        found[root.pk].append(PageLink(page.title, page.title_es or "", path, page.show_in_menus))
    return found
