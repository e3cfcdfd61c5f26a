"""Trims the editor to what Quietline uses, and refuses what would break a page that the public reads."""

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.site_summary import PagesSummaryItem
from wagtail.models import DraftStateMixin, Page, RevisionMixin, WorkflowMixin

from facilities.directory import report as claims
from facilities.directory.uses import uses_of
from facilities.facts import facts_of
from facilities.pages import advice_views, first_steps, review_report
from facilities.pages.refusals import refuse_to_take_away
from facilities.pages.views import not_there_yet
from facilities.pasting import views as pasting
from facilities.review import views as review
from facilities.review.forced import is_forced
from facilities.review.models import NOT_THE_SECOND, SecondPersonTask
from facilities.review.pages import Signed
from facilities.sources import report, rich_text

CHANGED_SINCE_REVIEW = (
    "Changed since its review: the text, a source or a fact that this page shows is no longer what was signed. Send it "
    "to the review again."
)
# No block shows a document: what is uploaded would be seen by nobody.
UNUSED_MENU_ITEMS = {"help", "documents"}


hooks.register("register_rich_text_features", rich_text.register)
hooks.register("register_reports_menu_item", report.menu_item)
hooks.register("register_reports_menu_item", claims.menu_item)
hooks.register("register_admin_urls", lambda: [*report.urlpatterns, *claims.urlpatterns, *first_steps.urlpatterns])
hooks.register(
    "register_admin_urls", lambda: [*review.urlpatterns, *review_report.urlpatterns, *advice_views.urlpatterns]
)
hooks.register("register_admin_urls", lambda: pasting.urlpatterns)
hooks.register("before_create_page", pasting.offer_to_paste)
hooks.register("insert_editor_js", advice_views.scripts)
hooks.register("register_reports_menu_item", review_report.reviews_item)
hooks.register("register_reports_menu_item", review_report.forced_item)
hooks.register("register_page_action_menu_item", lambda: review.ForceMenuItem(order=20_000))


@hooks.register("before_serve_page")
def never_show_the_welcome_page(page: Page, request: HttpRequest, *_: object) -> HttpResponse | None:
    """Wagtail makes one with a new database; it is of no type of ours. Nor is the demo's shown where it is off."""
    return not_there_yet(request) if page.specific_class is Page or not facts_of(request).is_live else None


@hooks.register("construct_main_menu")
def hide_unused(request: HttpRequest, menu_items: list) -> None:
    menu_items[:] = [item for item in menu_items if item.name not in UNUSED_MENU_ITEMS]


@hooks.register("construct_homepage_summary_items", order=1)  # after those who add them
def count_only_pages(request: HttpRequest, items: list) -> None:
    items[:] = [item for item in items if isinstance(item, PagesSummaryItem)]


@hooks.register("before_delete_snippet")
def refuse_to_delete_what_is_used(request: HttpRequest, instances: list[models.Model]) -> HttpResponse | None:
    used = {instance: uses for instance in instances if (uses := uses_of(instance))}
    for instance, uses in used.items():
        messages.error(request, f"“{instance}” was not deleted. It is used by {', '.join(uses)}. Change that first.")
    return redirect(instances[0].snippet_viewset.get_url_name("list")) if used else None


@hooks.register("before_edit_snippet")
def keep_what_was_there(request: HttpRequest, instance: models.Model) -> None:
    """A row made outside the editor has no history: without this, its first edit would lose the old state."""
    if request.method == "POST" and isinstance(instance, RevisionMixin) and instance.latest_revision_id is None:
        version = instance.save_revision(clean=False, changed=False)
        if isinstance(instance, DraftStateMixin) and instance.live:
            instance.live_revision = version
            instance.save(update_fields=["live_revision"])


@hooks.register("before_edit_page")
@hooks.register("before_edit_snippet")
def say_who_may_not_approve(request: HttpRequest, instance: models.Model) -> None:
    """Otherwise the buttons would be missing without a word."""
    task = instance.current_workflow_task if isinstance(instance, WorkflowMixin) else None
    if request.method == "GET" and isinstance(task, SecondPersonTask) and task.refuses(instance, request.user):
        messages.warning(request, NOT_THE_SECOND)


@hooks.register("before_edit_page")
def say_what_is_left_to_tick(request: HttpRequest, page: Page) -> None:
    """Leads whoever may approve to the sentences that they tick first."""
    if request.method != "GET" or not review.approves(page, request.user):
        return
    done, of = review.progress(page, request.user)
    if of:
        leads_to = messages.button(reverse(review.SENTENCES, args=[page.pk]), "Read each beside its source")
        messages.info(request, f"Cited sentences: {done} of {of} are ticked.", buttons=[leads_to])


@hooks.register("before_edit_page")
def say_what_no_clinician_has_read(request: HttpRequest, page: Page) -> None:
    """Of the published page, not of a draft."""
    if request.method != "GET" or not page.live:
        return
    published = Page.objects.get(pk=page.pk).specific
    if is_forced(page):
        messages.warning(request, "What visitors read was published without a review.")
    elif isinstance(published, Signed) and published.is_changed_since_review:
        messages.warning(request, CHANGED_SINCE_REVIEW)


@hooks.register("before_delete_page")
@hooks.register("before_unpublish_page")
def refuse_to_take_away_what_every_page_links_to(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse_to_take_away(request, [page])


@hooks.register("before_bulk_action")
def refuse_to_take_away_in_bulk(
    request: HttpRequest, action_type: str, objects: list[models.Model], action: object
) -> HttpResponse | None:
    pages = [instance for instance in objects if isinstance(instance, Page)]
    return refuse_to_take_away(request, pages) if action_type in ("delete", "unpublish") else None


@hooks.register("before_edit_page")
def show_why_it_came_back(request: HttpRequest, page: Page) -> None:
    """Wagtail shows the reviewer's comment only in a dialog that nobody opens."""
    review = page.current_workflow_state if request.method == "GET" else None
    if review and review.status == review.STATUS_NEEDS_CHANGES and (task := review.current_task_state):
        messages.warning(request, f"Sent back by {task.finished_by}: {task.comment or 'no comment'}")
