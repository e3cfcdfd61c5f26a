"""What somebody types at the desk and has not saved: encrypted, shown to them alone, and forgotten after a week."""

import json
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from intake.privacy.fields import EncryptedTextField, UnreadableText

KEPT_FOR = timedelta(days=7)
NOT_TYPED = {
    "csrfmiddlewaretoken",
    "draft",
    "window",
    "knew",
    "seen",
    "outcome",
    "quick",
}  # the form's own fields, and buttons

Answers = dict[str, list[str]]


class DraftQuerySet(models.QuerySet):
    def outdated(self) -> "DraftQuerySet":
        return self.filter(kept_at__lte=timezone.now() - KEPT_FOR)


class Draft(models.Model):
    """What one member of staff has typed on one form of a lead since they last saved it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey("intake.Lead", on_delete=models.CASCADE, related_name="drafts")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    form = models.CharField(max_length=60, help_text="Its name, with the id of the row that it is about.")
    answers = EncryptedTextField(label="intake_draft.answers", help_text="JSON: lists of texts by name of the field.")
    kept_at = models.DateTimeField(default=timezone.now, db_index=True)
    window = models.CharField(max_length=32, default="", help_text="In which window of the browser it was typed last.")

    objects = DraftQuerySet.as_manager()
    subject = "lead"

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["lead", "user", "form"], name="draft_one_of_each_form")]

    def __str__(self) -> str:
        return f"Draft {self.pk}"

    @property
    def data(self) -> MultiValueDict:
        """The answers, as a form reads them; no answers, where no key opens them."""
        text = self.answers
        return MultiValueDict({} if isinstance(text, UnreadableText) or not text else json.loads(text))

    def is_of_another(self, window: str, knew: datetime | None) -> bool:
        """Whether somebody typed it in another window than this one, which `knew` of what was kept until then.

        A page that does not say which window it is in knows everything.
        """
        return bool(window) and self.window != window and (knew is None or self.kept_at > knew)


def typed(sent: QueryDict) -> Answers:
    """What somebody typed, of all that a form sends."""
    return {name: values for name, values in sent.lists() if name not in NOT_TYPED}
