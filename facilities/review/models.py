"""The steps of a review. Each takes a second person: whoever changed something does not approve it."""

from datetime import date, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import AbstractGroupApprovalTask, Page, TaskState

from facilities.review.forced import ForcedPublishing
from facilities.review.pages import Signed, TakesTwo
from facilities.review.second_person import editors_since_approval
from facilities.review.ticks import Unticked, still_to_tick

NOT_THE_SECOND = (
    "You changed this since it was last approved, so you are not the second pair of eyes. What you wrote is kept, and "
    "somebody else approves it."
)


REVIEW_LASTS = timedelta(days=182)  # what helped with opioids half a year ago may be out of date
CHANGE_ALONE_SUFFIX = "_change"
CHANGE_ALONE = (f"approve{CHANGE_ALONE_SUFFIX}", "Approve the change alone, keep the review date", False)


class NotTheSecond(Exception):
    """Somebody was about to approve what they had changed themselves."""

    def __init__(self, instance: models.Model) -> None:
        super().__init__(NOT_THE_SECOND)
        self.instance = instance


class SecondPersonTask(AbstractGroupApprovalTask):
    """A step that a person of these roles approves who has changed nothing since the last approval."""

    class Meta:
        abstract = True

    def refuses(self, obj: Any, user: User) -> bool:
        """Whether somebody who might approve otherwise may not, because they changed something themselves."""
        return self.user_can_access_editor(obj, user) and user.pk in editors_since_approval(obj)

    def get_actions(self, obj: Any, user: User) -> list[tuple]:
        is_refused = self.refuses(obj, user)
        return [action for action in super().get_actions(obj, user) if not (is_refused and action[0] == "approve")]

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> Any:
        """Raises NotTheSecond. In the editor, one press both saves what was changed and approves."""
        if action_name == "approve":
            self.before_approval(task_state.workflow_state.content_object, user)
        return super().on_action(task_state, user, action_name, **kwargs)

    def before_approval(self, instance: Any, user: User) -> None:
        """Raises NotTheSecond."""
        type(instance)._base_manager.select_for_update().get(pk=instance.pk)  # nobody saves a version meanwhile
        if user.pk in editors_since_approval(instance):
            raise NotTheSecond(instance)


class ClinicalReviewTask(SecondPersonTask):
    """A page, read by a clinician. Who approves signs the whole page, or a change alone, which moves no date.

    Either way they have ticked each sentence that cites a source, or with a change alone, each that is new.
    """

    class Meta:
        verbose_name = "clinical review"

    def get_actions(self, obj: Any, user: User) -> list[tuple]:
        actions = super().get_actions(obj, user)
        page = _specific(obj)
        is_signed = isinstance(page, Signed) and page.last_reviewed_on
        return [*actions, CHANGE_ALONE] if is_signed and "approve" in {action[0] for action in actions} else actions

    @transaction.atomic
    def on_action(self, task_state: TaskState, user: User, action_name: str, **kwargs: Any) -> Any:
        """Raises NotTheSecond, and Unticked."""
        plain_name = action_name.removesuffix(CHANGE_ALONE_SUFFIX)
        if plain_name == "approve":
            page = _specific(task_state.workflow_state.content_object)
            self.before_approval(page, user)
            _sign(page, user, change_alone=plain_name != action_name)
            ForcedPublishing.objects.open().filter(page=page.pk).update(approved_by=user, approved_at=timezone.now())
        return super().on_action(task_state, user, plain_name, **kwargs)


def _specific(obj: models.Model) -> models.Model:
    """Wagtail hands over pages without the fields of their type."""
    return obj.specific if isinstance(obj, Page) else obj


def _sign(page: models.Model, user: User, *, change_alone: bool) -> None:
    """In the version that is about to be published. Raises Unticked."""
    if isinstance(page, TakesTwo) and (unticked := still_to_tick(page, user, change_alone=change_alone)):
        raise Unticked(page, unticked)
    if isinstance(page, Signed):
        version = page.get_latest_revision()
        version.content["signed_digest"] = version.as_object().digest()
        if not change_alone:
            version.content |= signature_of(user, timezone.localdate())
        version.save(update_fields=["content"])


def signature_of(user: User, today: date) -> dict[str, str]:
    """As a version keeps it. Credentials are part of the name in the account, which its owner does not write here."""
    return {
        "reviewed_by": user.get_full_name() or user.username,
        "last_reviewed_on": today.isoformat(),
        "next_review_on": (today + REVIEW_LASTS).isoformat(),
    }


class FactCheckTask(SecondPersonTask):
    """A number, an address or a setting, checked by a second person."""

    class Meta:
        verbose_name = "check of a fact"
