"""The desk in figures: what was done in spite of what spoke against it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from intake.leads import acts
from intake.leads.activity import Doubt
from intake.reports.overrides import MONTH, WEEK, count_overrides
from tests.factories import WHY, make_lead, make_user, sign_in

pytestmark = pytest.mark.django_db


def look(*doubts: Doubt, ago: timedelta = timedelta(0), note: str = "", lead=None, by=None):
    detail = {"in_spite_of": doubts} if doubts else {}
    rows = (lead or make_lead()).activities
    return rows.create(kind="revealed", by=by or make_user(), at=timezone.now() - ago, detail=detail)


def counted(now=None) -> dict[str, tuple[int, int]]:
    return {each.reason: (each.week, each.month) for each in count_overrides(now or timezone.now()) if each.month}


def test_each_reason_is_counted_for_a_week_and_for_thirty_days():
    look()
    look(Doubt.HOURS)
    look(Doubt.HOURS, Doubt.SPENT, ago=WEEK + timedelta(hours=1))
    look(Doubt.HOURS, ago=MONTH + timedelta(hours=1))

    assert counted() == {Doubt.HOURS.label: (1, 2), Doubt.SPENT.label: (0, 1)}


def test_report_shows_each_override_with_its_lead_and_none_of_its_words(client):
    sign_in(client, make_user("manager"))
    lead, colleague = make_lead(), make_user()
    acts.claim(lead, by=colleague)
    lead.activities.create(kind="called", outcome="wrong_number", by=make_user())
    acts.reveal(lead, by=colleague, why=WHY)

    page = client.get("/desk/reports/overrides/")

    assert counted()
    assert (page.status_code, f"/desk/leads/{lead.pk}/" in page.text, WHY in page.text) == (200, True, False)


@pytest.mark.parametrize(("role", "status"), [("consultant", 403), ("editor", 403), ("lead", 200)])
def test_report_is_for_who_answers_for_the_desk(client, role, status):
    sign_in(client, make_user(role))

    assert client.get("/desk/reports/overrides/").status_code in ({status, 302} if status == 403 else {status})


def test_report_without_overrides_says_so(client):
    sign_in(client, make_user("manager"))

    assert "Nobody had to" in client.get("/desk/reports/overrides/").text
