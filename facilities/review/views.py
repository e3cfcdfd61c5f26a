"""Two pages of the editor: ticking the cited sentences of a page in review, and publishing before a review."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from wagtail.admin.action_menu import ActionMenuItem
from wagtail.models import Page, WorkflowState

from facilities.review.forced import ForcedPublishing, force
from facilities.review.models import ClinicalReviewTask
from facilities.review.ticks import cited_in_draft, keep_ticks, ticked

SENTENCES, FORCED = "cited_sentences", "publish_before_review"
MAY_FORCE = "facilities.add_forcedpublishing"


def approves(page: Page, user: Any) -> bool:
    """Whether this person may approve the review in which the page is now."""
    task = page.current_workflow_task
    return isinstance(task, ClinicalReviewTask) and "approve" in {action[0] for action in task.get_actions(page, user)}


def sentences(request: HttpRequest, page_id: int) -> HttpResponse:
    """Each cited sentence of the draft beside its sources, with the note on what each was cited for."""
    page = get_object_or_404(Page, pk=page_id).specific
    if not approves(page, request.user):
        raise PermissionDenied
    review, cited = page.current_workflow_state, cited_in_draft(page)
    if request.method == "POST":
        keys = {sentence.key for sentence in cited} & set(request.POST.getlist("ticked"))
        keep_ticks(review, request.user, keys)
        return _after_ticking(request, page, left=len({sentence.key for sentence in cited} - keys))
    context = {"page": page, "sentences": cited, "ticked": ticked(review, request.user)}
    return render(request, "facilities/review/sentences.html", context)


def _after_ticking(request: HttpRequest, page: Page, *, left: int) -> HttpResponse:
    if left:
        messages.warning(request, f"Your ticks are kept. Sentences that are not ticked yet: {left}.")
        return redirect(SENTENCES, page.pk)
    messages.success(request, "Every cited sentence is ticked. You can approve the page now.")
    return redirect("wagtailadmin_pages:edit", page.pk)


def progress(page: Page, user: Any) -> tuple[int, int]:
    """How many sentences are ticked, and of how many."""
    keys = {sentence.key for sentence in cited_in_draft(page)}
    review: WorkflowState | None = page.current_workflow_state
    return len(keys & ticked(review, user)) if review else 0, len(keys)


class ForceForm(forms.ModelForm):
    class Meta:
        model = ForcedPublishing
        fields = ["reason"]
        labels = {"reason": "Why can it not wait?"}
        help_texts = {"reason": "One sentence. It stays in the report until a clinician has approved the page."}
        error_messages = {"reason": {"required": "Say why it cannot wait: without a reason it is not published."}}


def may_force(page: Page, user: Any) -> bool:
    """Also while the page waits for its review, which locks it for all but those who review. Not while one holds it."""
    is_held = page.locked and page.locked_by_id != user.pk
    return user.has_perm(MAY_FORCE) and page.permissions_for_user(user).can_edit() and not is_held


def publish_before_review(request: HttpRequest, page_id: int) -> HttpResponse:
    page = get_object_or_404(Page, pk=page_id).specific
    if not may_force(page, request.user):
        raise PermissionDenied
    form = ForceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        force(page, by=request.user, reason=form.cleaned_data["reason"])
        messages.warning(request, "Published without a review. It is in the report until a clinician approves it.")
        return redirect("wagtailadmin_pages:edit", page.pk)
    context = {"page": page, "draft": page.get_latest_revision_as_object(), "form": form}
    return render(request, "facilities/review/force.html", context, status=422 if form.errors else 200)


class ForceMenuItem(ActionMenuItem):
    label, name, icon_name = "Publish without a review…", "action-force", "warning"

    def is_shown(self, context: dict[str, Any]) -> bool:
        return context["view"] == "edit" and may_force(context["page"], context["request"].user)

    def get_url(self, parent_context: dict[str, Any]) -> str:
        return reverse(FORCED, args=[parent_context["page"].pk])


urlpatterns = [
    path("pages/<int:page_id>/cited-sentences/", sentences, name=SENTENCES),
    path("pages/<int:page_id>/publish-without-review/", publish_before_review, name=FORCED),
]
