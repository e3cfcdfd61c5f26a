"""Gives each facility the page that its summary and its text now stand on, and each review a second person.

On the way back nothing is done: earlier code shows neither these pages nor what "in the menu" says, and a review that
is under way must not be lost.
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
    parent.numchild += 1
    pages.filter(pk=parent.pk).update(numchild=parent.numchild)
    return model.objects.create(
        path=Page._get_path(parent.path, parent.depth + 1, step), depth=parent.depth + 1, numchild=0,
        url_path=f"{parent.url_path}{fields['slug']}/", draft_title=fields["title"], content_type=kind_of(apps, name.lower()),
        locale_id=parent.locale_id, translation_key=uuid.uuid4(), live=True, has_unpublished_changes=False, **fields,
    )  # fmt: skip


REVIEW, CHECK = "Clinical review", "Check of facts"  # config/accounts/roles.toml has these names
FACTS = ("phoneline", "crisisline", "facility", "sitesettings", "claim")


def second_people(apps, schema_editor):
    """The step of the clinical review becomes one that refuses whoever wrote; facts get a workflow of their own."""
    old = apps.get_model("wagtailcore", "GroupApprovalTask").objects.filter(name=REVIEW).first()
    if old:
        key, groups = old.pk, list(old.groups.all())
        old.groups.clear()
        old.delete(keep_parents=True)
        review = apps.get_model("facilities", "ClinicalReviewTask")(task_ptr_id=key)
        review.name, review.active, review.content_type = old.name, old.active, kind_of(apps, "clinicalreviewtask")
        review.save()
        review.groups.set(groups)
    workflow, is_new = apps.get_model("wagtailcore", "Workflow").objects.get_or_create(name=CHECK)
    if is_new:
        check = apps.get_model("facilities", "FactCheckTask").objects.create(
            name=CHECK, content_type=kind_of(apps, "factchecktask")
        )
        apps.get_model("wagtailcore", "WorkflowTask").objects.create(workflow=workflow, task_id=check.pk, sort_order=0)
    for name in FACTS:
        apps.get_model("wagtailcore", "WorkflowContentType").objects.get_or_create(
            content_type=kind_of(apps, name), defaults={"workflow": workflow}
        )


def kind_of(apps, name):
    kinds = apps.get_model("contenttypes", "ContentType").objects
    return kinds.get_or_create(app_label="facilities", model=name)[0]


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0014_pages_and_facts"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [
        migrations.RunPython(places_get_pages, migrations.RunPython.noop),
        migrations.RunPython(second_people, migrations.RunPython.noop),
    ]
