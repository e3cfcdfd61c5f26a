"""Gives each facility the page that its summary and its text now stand on, and puts into the menu what it showed.

On the way back nothing is done: earlier code shows neither these pages nor what "in the menu" says.
"""

import json
import uuid

from django.db import migrations
from wagtail.models import Page

HEADING, ANCHOR = "About the center", "about"
LENGTH = 300  # characters of a summary


def places_get_pages(apps, schema_editor):
    """Below the home page of the default site; without one there is nothing to carry over."""
    site = (
        apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).select_related("root_page").first()
    )
    home = site and apps.get_model("facilities", "HomePage").objects.filter(pk=site.root_page_id).first()
    if not home:
        return
    articles = apps.get_model("facilities", "ArticleIndexPage").objects.all()
    articles.update(title_es="Artículos (en inglés)")
    apps.get_model("wagtailcore", "Page").objects.filter(pk__in=articles.values("pk")).update(show_in_menus=True)
    facilities = list(apps.get_model("facilities", "Facility").objects.order_by("name"))
    if not facilities:
        return
    index = add_below(
        apps, home, "FacilityIndexPage", title="Our center", slug="facilities", show_in_menus=True,
        title_es="Nuestro centro (en inglés)", summary="",
    )  # fmt: skip
    for facility in facilities:
        add_below(
            apps, index, "FacilityPage", title=facility.name, slug=facility.slug, facility=facility,
            summary=facility.summary[:LENGTH], body=body_of(facility),
        )  # fmt: skip


def body_of(facility):
    text = facility.about if len(facility.summary) <= LENGTH else f"<p>{facility.summary}</p>{facility.about}"
    content = [{"type": "text", "value": {"text": text}, "id": str(uuid.uuid4())}]
    value = {"heading": HEADING, "anchor": ANCHOR, "content": content}
    return json.dumps([{"type": "section", "value": value, "id": str(uuid.uuid4())}])


def add_below(apps, parent, name, **fields):
    """A published page as the last child of another. Models of a migration have none of the methods of a tree."""
    model, pages = apps.get_model("facilities", name), apps.get_model("wagtailcore", "Page").objects
    last = pages.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("path").last()
    step = Page._str2int(last.path[-Page.steplen :]) + 1 if last else 1
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label="facilities", model=name.lower()
    )
    parent.numchild += 1
    pages.filter(pk=parent.pk).update(numchild=parent.numchild)
    return model.objects.create(
        path=Page._get_path(parent.path, parent.depth + 1, step), depth=parent.depth + 1, numchild=0,
        url_path=f"{parent.url_path}{fields['slug']}/", draft_title=fields["title"], content_type=kind,
        locale_id=parent.locale_id, translation_key=uuid.uuid4(), live=True, has_unpublished_changes=False, **fields,
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0014_pages_of_the_tree"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(places_get_pages, migrations.RunPython.noop)]
