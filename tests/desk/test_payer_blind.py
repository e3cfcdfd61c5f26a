"""Who is called, and when, does not depend on who pays: insurance is hidden from the desk until the first contact."""

import pytest
from django.urls import reverse

from intake.insurance.models import Coverage
from intake.leads import acts
from intake.leads.activity import Activity
from intake.leads.models import Lead
from tests.factories import WHY, make_call, make_coverage, make_lead, make_user, page_of, sign_in

pytestmark = pytest.mark.django_db
Kind = Activity.Kind
VIEWS = (
    "insurance", "add_coverage", "change_coverage", "end_coverage", "verify_benefits", "card", "call_sheet",
    "pass_sheet", "consent", "enter_answer", "estimate", "sheet",
)  # fmt: skip


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def coverage(consultant) -> Coverage:
    coverage = make_coverage(lead=make_lead(claimed_by=consultant))
    for kind in (Kind.INSURED, Kind.CARD_SENT, Kind.COVERAGE, Kind.VERIFIED, Kind.CARD_SEEN):
        Activity.objects.create(lead=coverage.lead, kind=kind)
    return coverage


def tells(client, coverage: Coverage) -> bool:
    """Whether the page of the lead, its timeline or its insurance page tells anything of it; all do, or none."""
    lead = client.get(page_of(coverage.lead))
    page = client.get(reverse("desk:insurance", args=[coverage.lead.pk]))
    timeline = [row.kind for row in lead.context["timeline"]]
    told = {
        str(coverage.payer) in lead.text,
        Kind.INSURED in timeline,
        Kind.VERIFIED in timeline,
        page.status_code == 200,
    }
    assert len(told) == 1
    return told.pop()


def call(lead: Lead, by, outcome: str) -> None:
    make_call(lead, by=by, outcome=outcome)


def test_before_first_contact_nothing_tells_of_insurance(client, coverage):
    assert not tells(client, coverage)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_before_first_contact_no_page_of_insurance_opens(client, coverage, view, method):
    own = {"insurance": [], "consent": [], "add_coverage": [], "card": [coverage.pk]}.get(view, [coverage.pk])
    address = reverse(f"desk:{view}", args=[coverage.lead.pk, *own])

    response = getattr(client, method)(address)

    assert response.status_code == 405 or response["Location"] == page_of(coverage.lead)
    assert coverage.payer.name not in response.text


def test_a_try_that_reached_nobody_shows_nothing(client, consultant, coverage):
    call(coverage.lead, consultant, "no_answer")

    assert not tells(client, coverage)


def test_who_has_the_number_on_the_screen_and_may_be_speaking_sees_it(client, consultant, coverage):
    acts.reveal(coverage.lead, by=consultant)

    assert tells(client, coverage)


def test_a_colleagues_look_at_the_number_shows_me_nothing(client, coverage):
    colleague = make_user()
    Lead.objects.filter(pk=coverage.lead.pk).update(claimed_by=colleague)
    acts.reveal(coverage.lead, by=colleague)

    assert not tells(client, coverage)


def test_after_the_first_talk_everybody_at_the_desk_sees_it(client, coverage):
    colleague = make_user()
    Lead.objects.filter(pk=coverage.lead.pk).update(claimed_by=colleague)
    call(coverage.lead, colleague, "reached")

    assert tells(client, coverage)


def test_of_a_closed_lead_nobody_chooses_any_more(client, consultant, coverage):
    acts.close(coverage.lead, by=consultant, reason=Lead.CloseReason.DECLINED, note=WHY)

    assert tells(client, coverage)


def test_a_merged_lead_tells_no_more_than_the_one_that_counts(client, consultant):
    kept, gone = make_lead(), make_lead()
    coverage = make_coverage(lead=gone)
    acts.merge(kept, other=gone, by=consultant)

    page = client.get(reverse("desk:insurance", args=[gone.pk]))

    assert page.status_code == 302
    assert str(coverage.payer) not in client.get(page_of(gone)).text


def test_what_was_typed_before_the_call_was_undone_is_kept(client, consultant, coverage):
    lead = coverage.lead
    call(lead, consultant, "reached")
    name = client.get(reverse("desk:add_coverage", args=[lead.pk])).context["name"]
    acts.undo(lead, by=consultant)
    acts.record_call(lead, by=consultant, outcome="no_answer")

    refused = client.post(reverse("desk:add_coverage", args=[lead.pk]), {"draft": name, "member_id": "XEA1"})

    assert refused.status_code == 302
    assert lead.drafts.get(user=consultant).data["member_id"] == "XEA1"


def test_where_the_setting_is_off_it_is_shown_from_the_start(client, coverage, settings):
    settings.PAYER_BLIND = False

    assert tells(client, coverage)
