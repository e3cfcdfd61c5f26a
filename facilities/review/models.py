"""The steps of a review. Each takes a second person: whoever changed something does not approve it."""

from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from wagtail.models import AbstractGroupApprovalTask, TaskState

from facilities.review.second_person import editors_since_approval

NOT_THE_SECOND = (
    "You changed this since it was last approved, so you are not the second pair of eyes. What you wrote is kept, and "
    "somebody else approves it."
)


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
        instance = task_state.workflow_state.content_object
        if action_name == "approve":
            type(instance)._base_manager.select_for_update().get(pk=instance.pk)  # nobody saves a version meanwhile
            if user.pk in editors_since_approval(instance):
                raise NotTheSecond(instance)
        return super().on_action(task_state, user, action_name, **kwargs)


class ClinicalReviewTask(SecondPersonTask):
    """A page, read by a clinician."""

    class Meta:
        verbose_name = "clinical review"


class FactCheckTask(SecondPersonTask):
    """A number, an address or a setting, checked by a second person."""

    class Meta:
        verbose_name = "check of a fact"
