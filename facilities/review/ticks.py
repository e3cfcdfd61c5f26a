"""What a clinician has ticked: each cited sentence, read beside its source, in one review of one page."""

from typing import Any

from django.conf import settings
from django.db import models, transaction
from wagtail.models import Page, WorkflowState

from facilities.review.sentences import CitedSentence

NAMED = 5  # sentences; more would hide the rest of the message
WORDS_OF_EACH = 12


class Tick(models.Model):
    """One cited sentence that one person found in its source. With other words or sources it is another sentence."""

    review = models.ForeignKey(WorkflowState, on_delete=models.CASCADE, related_name="+")
    ticked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sentence = models.CharField(max_length=64)  # the key of a CitedSentence
    ticked_at = models.DateTimeField(auto_now_add=True)

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "ticked_by", "sentence"], name="sentence_is_ticked_once")
        ]

    def __str__(self) -> str:
        return f"review {self.review_id}, {self.ticked_at:%Y-%m-%d}"


class Unticked(Exception):
    """Somebody was about to approve a page before reading each cited sentence beside its source."""

    def __init__(self, instance: models.Model, sentences: list[CitedSentence]) -> None:
        super().__init__(in_words(sentences))
        self.instance = instance


def in_words(sentences: list[CitedSentence]) -> str:
    """What is missing, by name."""
    named = ", ".join(f"“{_beginning(sentence.words)}”" for sentence in sentences[:NAMED])
    more = f" and {len(sentences) - NAMED} more" if len(sentences) > NAMED else ""
    return f"Not approved yet: tick each cited sentence once you have read it beside its source. To do: {named}{more}."


def _beginning(words: str) -> str:
    first = words.split()[:WORDS_OF_EACH]
    return " ".join(first) + ("…" if len(words.split()) > WORDS_OF_EACH else "")


def ticked(review: WorkflowState, user: Any) -> set[str]:
    """The keys of the sentences."""
    return set(Tick.objects.filter(review=review, ticked_by=user).values_list("sentence", flat=True))


@transaction.atomic
def keep_ticks(review: WorkflowState, user: Any, keys: set[str]) -> None:
    """These, and no others: a tick may be taken back."""
    Tick.objects.filter(review=review, ticked_by=user).exclude(sentence__in=keys).delete()
    Tick.objects.bulk_create(
        [Tick(review=review, ticked_by=user, sentence=key) for key in sorted(keys)], ignore_conflicts=True
    )


def still_to_tick(page: Page, user: Any, *, change_alone: bool) -> list[CitedSentence]:
    """Of the latest version. With a change alone, only what the published page does not say already."""
    review = page.current_workflow_state
    done = ticked(review, user) if review else set()
    if change_alone and page.live:
        done |= {sentence.key for sentence in Page.objects.get(pk=page.pk).specific.cited_sentences()}
    return [sentence for sentence in cited_in_draft(page) if sentence.key not in done]


def cited_in_draft(page: Page) -> list[CitedSentence]:
    return page.get_latest_revision_as_object().cited_sentences()
