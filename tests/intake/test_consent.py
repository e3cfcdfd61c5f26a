"""Consent and disclosure: no payer is asked before the person agrees, and each check is a row that stays."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from intake.insurance.consent import consent_of, disclosures_of
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.acts.changes import NotAllowed
from intake.leads.models import Lead
from tests.factories import make_coverage, make_user, make_verification, page_of, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

GIVEN = {"of": "patient", "how": "spoken", "on": "2026-01-02"}


@pytest.fixture
def consultant(client):
    user = make_user()
    sign_in(client, user)
    return user


@pytest.fixture
def coverage(db) -> Coverage:
    """Without a consent."""
    return make_coverage(is_agreed=False)


def record_consent(client, lead: Lead, **changes):
    return client.post(reverse("desk:consent", args=[lead.pk]), GIVEN | changes)


def answer(coverage: Coverage, source: str) -> VerificationOfBenefits:
    said = {"source": source, "representative": "Pat", "call_reference": "R-1", "verified_at": timezone.now()}
    return VerificationOfBenefits(coverage=coverage, status="active", **said)


@pytest.mark.parametrize("source", ["phone", "271", "portal"])
def test_no_payer_is_asked_without_a_consent(coverage, source):
    with pytest.raises(NotAllowed):
        answer(coverage, source).record(by=coverage.recorded_by)

    assert (coverage.verifications.count(), disclosures_of(coverage.lead).count()) == (0, 0)


def test_card_tells_nobody_anything_and_needs_no_consent(coverage):
    answer(coverage, "card").record(by=coverage.recorded_by)

    assert (coverage.verifications.count(), disclosures_of(coverage.lead).count()) == (1, 0)


def test_consent_says_who_gave_it_how_and_when(client, consultant, coverage):
    response = record_consent(client, coverage.lead)

    row = consent_of(coverage.lead)
    assert (response["Location"], row.by) == (f"{page_of(coverage.lead)}insurance/", consultant)
    assert row.detail == {"is_given": True, "of": "patient", "how": "spoken", "on": "2026-01-02"}


@pytest.mark.parametrize(
    "changes",
    [
        {"of": ""},
        {"how": ""},
        {"on": ""},
        {"on": "soon"},
        {"on": (timezone.localdate() + timedelta(days=3)).isoformat()},
        {"of": "neighbour"},
    ],
)
def test_consent_that_lacks_something_is_not_recorded(client, consultant, coverage, changes):
    record_consent(client, coverage.lead, **changes)

    assert consent_of(coverage.lead) is None


def test_each_check_is_a_row_with_what_was_told_and_on_which_consent(client, consultant, coverage):
    record_consent(client, coverage.lead)
    answer(coverage, "phone").record(by=consultant)

    [row] = disclosures_of(coverage.lead)

    assert (row.by, row.detail) == (
        consultant,
        {
            "channel": "phone",
            "coverage": str(coverage.pk),
            "consent": str(consent_of(coverage.lead).pk),
            "what": ["who asks", "name", "member ID"],
        },
    )


def test_consent_that_was_taken_back_stops_the_next_check_and_no_row_goes(client, consultant, coverage):
    record_consent(client, coverage.lead)
    answer(coverage, "phone").record(by=consultant)

    client.post(reverse("desk:consent", args=[coverage.lead.pk]), {"take_back": "yes"})

    with pytest.raises(NotAllowed):
        answer(coverage, "phone").record(by=consultant)
    assert (consent_of(coverage.lead), disclosures_of(coverage.lead).count()) == (None, 1)


def test_page_shows_the_consent_and_what_payers_were_told(client, consultant, coverage):
    record_consent(client, coverage.lead)
    answer(coverage, "phone").record(by=consultant)

    page = client.get(f"{page_of(coverage.lead)}insurance/")

    assert [row.told for row in page.context["disclosures"]] == ["who asks, name, member ID"]
    assert page.context["consent"].consent in page.text.lower()


def test_who_only_reads_insurance_records_no_consent(client, coverage):
    sign_in(client, make_user("manager"))

    assert (record_consent(client, coverage.lead).status_code, consent_of(coverage.lead)) == (403, None)


# --- Approval -------------------------------------------------------------------------------------------------------


def approve(client, verification: VerificationOfBenefits):
    return client.post(reverse("desk:approve", args=[verification.coverage.lead_id, verification.pk]))


def waits(client, verification: VerificationOfBenefits) -> bool:
    page = client.get(f"{page_of(verification.coverage.lead)}insurance/")
    return verification in page.context["waiting"]


def test_no_verification_waits_unless_the_facility_wants_it(client, consultant):
    assert not waits(client, make_verification())


def test_verification_waits_until_a_manager_approves_it(client, settings):
    settings.VERIFICATIONS_NEED_APPROVAL = True
    verification = make_verification(coverage=make_coverage())
    sign_in(client, make_user("manager"))

    before = waits(client, verification)
    approve(client, verification)

    assert (before, waits(client, verification)) == (True, False)


def test_nobody_approves_what_they_entered(client, settings):
    settings.VERIFICATIONS_NEED_APPROVAL = True
    manager = make_user("manager")
    verification = make_verification(coverage=make_coverage(), entered_by=manager)
    sign_in(client, manager)

    approve(client, verification)

    assert waits(client, verification)


def test_consultant_approves_nothing(client, consultant, settings):
    settings.VERIFICATIONS_NEED_APPROVAL = True
    verification = make_verification(coverage=make_coverage())

    assert (approve(client, verification).status_code, waits(client, verification)) == (403, True)
