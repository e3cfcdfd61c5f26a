"""A payer asked by one press at the desk: only where it can be, without a reload or with one, and never twice."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.insurance.asking import claim, write_down
from intake.insurance.checks import Check
from intake.insurance.clearinghouse.client import Kind, Outcome
from intake.insurance.failures import OF_CHECKS
from tests.factories import make_user, sign_in
from tests.intake.clearinghouse_peer import ANSWER_271, NOT_FOUND, REPLY
from tests.intake.test_checks import PLACE, make_askable, said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

BUTTON, KNOWINGLY, MADE_UP = 'class="check"', 'name="knowingly"', "mark sample"


@pytest.fixture
def consultant(client):
    sign_in(client, user := make_user())
    return user


@pytest.fixture
def clearinghouse(settings):
    settings.CLEARINGHOUSE = PLACE


def page(client, coverage) -> str:
    return unescape(client.get(reverse("desk:insurance", args=[coverage.lead_id])).content.decode())


def press(client, coverage, **sent):
    return client.post(reverse("desk:check_coverage", args=[coverage.lead_id, coverage.pk]), sent)


def asks_at(coverage) -> str:
    return f'action="{reverse("desk:check_coverage", args=[coverage.lead_id, coverage.pk])}"'


def come(outcome: Outcome) -> None:
    (claimed,) = claim(PLACE)
    write_down(claimed.check, outcome)


def test_button_is_there_only_where_somebody_can_be_asked(client, consultant, settings):
    coverage = make_askable()
    assert asks_at(coverage) not in page(client, coverage)

    settings.CLEARINGHOUSE = PLACE
    assert asks_at(coverage) in page(client, coverage)


@pytest.mark.usefixtures("clearinghouse")
def test_what_is_missing_stands_in_place_of_the_button(client, consultant):
    coverage = make_askable(member_id="")

    shown = page(client, coverage)

    assert asks_at(coverage) not in shown
    assert "the member ID" in shown


@pytest.mark.usefixtures("clearinghouse")
def test_press_asks_once_and_the_page_tells_how_far_it_is(client, consultant):
    coverage = make_askable()
    press(client, coverage)
    press(client, coverage)

    check = Check.objects.get()
    news = reverse("desk:check_news", args=[coverage.lead_id, check.pk])
    assert (check.asked_by, news in page(client, coverage)) == (consultant, True)
    assert client.get(news).json()["state"] == "waiting"
    come(said(REPLY | {"x12": ANSWER_271}))
    assert client.get(news).json()["is_running"] is False
    assert "$0.00" in page(client, coverage)


@pytest.mark.usefixtures("clearinghouse")
def test_rejection_is_shown_with_its_sentence_and_one_action(client, consultant):
    coverage = make_askable()
    press(client, coverage)
    come(said({"meta": {}, "subscriber": {"aaaErrors": [NOT_FOUND]}}))

    assert "The plan does not find this member." in page(client, coverage)


@pytest.mark.usefixtures("clearinghouse")
def test_unknown_outcome_waits_for_somebody_who_knows(client, consultant):
    coverage = make_askable()
    press(client, coverage)
    come(Outcome(Kind.UNKNOWN))

    shown = page(client, coverage)
    assert OF_CHECKS["unknown"].words in shown and KNOWINGLY in shown
    press(client, coverage)
    assert Check.objects.count() == 1
    press(client, coverage, knowingly="yes")
    assert Check.objects.count() == 2


@pytest.mark.usefixtures("clearinghouse")
def test_page_says_since_when_a_payer_is_not_answering(client, consultant):
    coverage = make_askable()
    now = timezone.now()
    failed = Check.objects.create(
        coverage=coverage,
        asked_by=consultant,
        on=timezone.localdate() - timedelta(days=1),
        service_types=["30"],
        state="unknown",
        came="unknown",
        ended_at=now,
        failures=[now - timedelta(minutes=minutes) for minutes in (3, 2, 1)],
    )
    press(client, coverage)

    assert f"since {timezone.localtime(failed.failures[-1]):%H:%M}" in page(client, coverage)


@pytest.mark.usefixtures("clearinghouse")
def test_test_answer_is_marked_on_every_line(client, consultant):
    coverage = make_askable()
    press(client, coverage)
    assert MADE_UP not in page(client, coverage)
    come(said(REPLY | {"x12": ANSWER_271}, key="test_key"))

    shown = page(client, coverage)

    lines = Check.objects.get().verification.benefit_lines.count()
    assert shown.count(MADE_UP) >= lines
    assert "<strong>Not checked.</strong>" in shown


@pytest.mark.usefixtures("clearinghouse")
def test_news_of_a_check_are_for_who_may_see_the_lead(client):
    coverage = make_askable()
    check = Check.objects.create(coverage=coverage, asked_by=make_user(), on=timezone.localdate(), service_types=["30"])
    sign_in(client, make_user("editor"))

    assert client.get(reverse("desk:check_news", args=[coverage.lead_id, check.pk])).status_code in (302, 403, 404)


@pytest.mark.usefixtures("clearinghouse")
def test_page_asks_the_database_alike_for_one_coverage_and_for_three(client, consultant, django_assert_max_num_queries):
    one = make_askable()
    three = make_askable()
    for rank in (2, 3):
        make_askable(lead=three.lead, payer=three.payer, rank=rank)

    counts = []
    for coverage in (one, one, three, three):
        with django_assert_max_num_queries(200) as asked:
            page(client, coverage)
        counts.append(len(asked))

    assert counts[1] == counts[3]
