"""What a clinician signs: words, sources and facts. What was changed since is not said to be reviewed."""

import pytest
from django.urls import reverse
from wagtail.models import Page

from facilities.directory.models import PhoneHours, PhoneLine
from facilities.pages.models import ArticlePage, HomePage
from facilities.review.forced import TOO_SHORT, ForcedPublishing, force
from facilities.review.second_person import editors_since_approval
from facilities.review.ticks import Tick, cited_in_draft, keep_ticks
from facilities.review.views import FORCED, SENTENCES
from facilities.sources.models import Source
from facilities.wagtail_hooks import CHANGED_SINCE_REVIEW
from tests.factories import make_user, sign_in, tick_all

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo_pages")]

REASON = "The number of the crisis line has changed today."


@pytest.fixture
def reviewer():
    return make_user("reviewer", first_name="Ada", last_name="Moreno, MD")


@pytest.fixture
def manager():
    return make_user("manager")


def article():
    return ArticlePage.objects.earliest("pk")


def draft(by, **changes):
    """A draft of the article, by somebody, sent to the review."""
    page = article()
    for name, value in {"summary": "Another summary.", **changes}.items():
        setattr(page, name, value)
    page.save_revision(user=by)
    page.get_workflow().start(page, by)
    return page


def approve(client, user, page, action="approve"):
    sign_in(client, user)
    state = Page.objects.get(pk=page.pk).current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk]), follow=True)


def edit_page(client, user, page):
    sign_in(client, user)
    return client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).text


# --- Changed since its review ---------------------------------------------------------------------------------------


def change_words():
    ArticlePage.objects.update(summary="Words that nobody has read.")


def change_body():
    page = article()
    del page.body[1]
    page.save()


def change_a_source():
    key = article().cited_sentences()[0].sources[0].pk
    Source.objects.filter(pk=key).update(title="Another title")


def change_a_source_elsewhere():
    Source.objects.create(title="New", publisher="CDC", accessed_on="2026-01-01", checked_on="2026-01-01")


def change_who_answers():
    PhoneLine.objects.filter(label="Admissions").update(answered_by="a call center")


def change_the_hours():
    PhoneHours.objects.all().delete()


def check_a_source_again():
    Source.objects.update(checked_on="2026-11-27", note="Read again.")


def save_the_same_words():
    article().save_revision().publish()


CHANGES = [
    (change_words, True),
    (change_body, True),
    (change_a_source, True),
    (change_who_answers, True),
    (change_a_source_elsewhere, False),
    (change_the_hours, False),
    (check_a_source_again, False),
    (save_the_same_words, False),
]


@pytest.mark.parametrize(("change", "is_changed"), CHANGES)
def test_what_was_changed_after_it_was_signed_is_not_said_to_be_reviewed(client, change, is_changed):
    signer = article().reviewed_by
    before = signer in client.get(article().url).text

    change()

    html = client.get(article().url).text
    assert (before, signer not in html, article().is_changed_since_review) == (True, is_changed, is_changed)


def test_staff_read_that_a_page_was_changed_since_its_review_until_it_is_signed_again(client, reviewer):
    change_a_source()
    editor = make_user("editor")
    before = CHANGED_SINCE_REVIEW in edit_page(client, editor, article())
    page = article()
    page.save_revision(user=editor)
    page.get_workflow().start(page, editor)
    tick_all(page, reviewer)

    approve(client, reviewer, page)

    assert (before, CHANGED_SINCE_REVIEW in edit_page(client, editor, article())) == (True, False)
    assert "Reviewed by Ada Moreno, MD." in client.get(article().url).text


def test_minor_edit_is_signed_too_and_keeps_the_date(client, reviewer):
    day, signer = article().last_reviewed_on, article().reviewed_by
    page = draft(make_user("editor"))

    approve(client, reviewer, page, "approve_change")

    signed = article()
    assert signed.summary == "Another summary."
    assert (signed.is_changed_since_review, signed.last_reviewed_on, signed.reviewed_by) == (False, day, signer)


def test_page_signed_before_digests_were_kept_stays_reviewed_until_somebody_changes_it(client, manager):
    ArticlePage.objects.update(signed_digest="")
    before = article().is_changed_since_review
    page = article()
    page.summary = "Another summary."
    page.save_revision(user=manager)

    force(page, by=manager, reason=REASON)

    assert (before, article().is_changed_since_review) == (False, True)


# --- Publishing without a review ------------------------------------------------------------------------------------


def test_manager_publishes_without_a_review_with_a_reason_and_it_stays_flagged(client, manager):
    page = draft(make_user("editor"))
    sign_in(client, manager)

    client.post(reverse(FORCED, args=[page.pk]), {"reason": REASON})

    forced = ForcedPublishing.objects.get()
    assert (forced.reason, forced.forced_by, forced.approved_at) == (REASON, manager, None)
    assert article().summary == "Another summary."
    assert article().reviewed_by not in client.get(article().url).text
    assert article().workflow_in_progress


@pytest.mark.parametrize("reason", ["", "Urgent."])
def test_without_a_reason_in_words_nothing_is_published(client, manager, reason):
    page = draft(make_user("editor"))
    sign_in(client, manager)

    answer = client.post(reverse(FORCED, args=[page.pk]), {"reason": reason})

    assert answer.status_code == 422
    assert not reason or (TOO_SHORT in answer.text and reason in answer.text)
    assert article().summary != "Another summary."
    assert not ForcedPublishing.objects.exists()


@pytest.mark.parametrize("role", ["editor", "reviewer", "consultant"])
def test_only_a_manager_publishes_without_a_review(client, role):
    page = draft(make_user("editor"))
    sign_in(client, make_user(role))

    client.post(reverse(FORCED, args=[page.pk]), {"reason": REASON})

    assert article().summary != "Another summary."


def test_words_that_may_not_be_published_are_not_forced_either(client, manager):
    page = draft(make_user("editor"), summary="Your call is 100% confidential.")
    sign_in(client, manager)

    answer = client.post(reverse(FORCED, args=[page.pk]), {"reason": REASON}, follow=True)

    assert "100%" in answer.text
    assert "100%" not in article().summary
    assert not ForcedPublishing.objects.exists()


def test_what_was_forced_is_approved_afterwards_by_somebody_who_did_not_write_it(client, manager, reviewer):
    page = draft(make_user("editor"))
    force(page, by=manager, reason=REASON)
    tick_all(article(), reviewer)

    approve(client, reviewer, page)

    assert ForcedPublishing.objects.get().approved_by == reviewer
    assert "Reviewed by Ada Moreno, MD." in client.get(article().url).text


def test_who_wrote_what_was_forced_does_not_approve_it_afterwards(client, manager, reviewer):
    page = draft(reviewer)
    force(page, by=manager, reason=REASON)
    tick_all(article(), reviewer)

    approve(client, reviewer, page)

    assert editors_since_approval(article()) == {reviewer.pk}
    assert ForcedPublishing.objects.get().approved_by is None
    assert article().is_changed_since_review


# --- Cited sentences ------------------------------------------------------------------------------------------------


def test_reviewer_sees_each_cited_sentence_beside_its_source_and_note(client, reviewer):
    page = draft(make_user("editor"))
    sign_in(client, reviewer)

    html = " ".join(client.get(reverse(SENTENCES, args=[page.pk])).text.split())

    cited = cited_in_draft(page)
    keys = {key for sentence in cited for key in (source.pk for source in sentence.sources)}
    listed = article().body.stream_block.extract_references(article().body)
    assert keys == {int(key) for model, key, *_ in listed if model is Source}
    assert [sentence.key for sentence in cited if f'value="{sentence.key}"' not in html] == []
    assert "Fentanyl is often mixed into heroin" not in [sentence.words for sentence in cited]
    assert all(
        source.note in html.replace("&#x27;", "'").replace("&quot;", '"')
        for source in Source.objects.filter(pk__in=keys)
    )


def test_sentence_is_what_stands_before_its_marks(client):
    words = [sentence.words for sentence in article().cited_sentences()]

    assert "It helps people stop or use less, and it lowers the risk of dying from an overdose." in words
    assert [each for each in words if "⟦" in each or "<" in each] == []


@pytest.mark.parametrize("action", ["approve"])
def test_unticked_sentence_refuses_the_approval_and_is_named(client, reviewer, action):
    page = draft(make_user("editor"))
    first, *others = cited_in_draft(page)
    keep_ticks(page.current_workflow_state, reviewer, {sentence.key for sentence in others} - {first.key})

    html = approve(client, reviewer, page, action).text

    assert " ".join(first.words.split()[:8]) in html
    assert article().summary != "Another summary."


def test_change_alone_needs_ticks_for_new_sentences_only(client, reviewer):
    page = draft(make_user("editor"))

    approve(client, reviewer, page, "approve_change")

    assert article().summary == "Another summary."


def test_ticks_of_one_person_are_not_those_of_another(client, reviewer):
    page = draft(make_user("editor"))
    tick_all(page, make_user("reviewer"))

    approve(client, reviewer, page)

    assert article().summary != "Another summary."


def test_ticks_are_kept_and_can_be_taken_back(client, reviewer):
    page = draft(make_user("editor"))
    keys = sorted({sentence.key for sentence in cited_in_draft(page)})
    sign_in(client, reviewer)

    client.post(reverse(SENTENCES, args=[page.pk]), {"ticked": [keys[0], keys[1], "of no sentence"]})
    client.post(reverse(SENTENCES, args=[page.pk]), {"ticked": [keys[1]]})

    assert [tick.sentence for tick in Tick.objects.all()] == [keys[1]]
    assert f'value="{keys[1]}"' in client.get(reverse(SENTENCES, args=[page.pk])).text


@pytest.mark.parametrize("role", ["editor", "manager", "consultant"])
def test_only_who_may_approve_ticks(client, role):
    page = draft(make_user("editor"))
    sign_in(client, make_user(role))

    client.post(reverse(SENTENCES, args=[page.pk]), {"ticked": [cited_in_draft(page)[0].key]})

    assert not Tick.objects.exists()


def test_page_without_sources_is_approved_without_ticks(client, reviewer):
    home, editor = HomePage.objects.get(), make_user("editor")
    home.body = []
    home.save_revision(user=editor)
    home.get_workflow().start(home, editor)

    approve(client, reviewer, home)

    assert len(HomePage.objects.get().body) == 0
