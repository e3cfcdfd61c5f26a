"""Insurance that a person sends on the receipt: sealed, opened into a coverage, checked by staff, erased with them."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from intake.callbacks import submission
from intake.callbacks.contract import Insurance, NotTheContract
from intake.callbacks.inbox import failed_messages, open_messages
from intake.callbacks.insurance_form import WHICH_DAY, WHICH_YEAR
from intake.callbacks.models import CallbackMessage
from intake.callbacks.receipts import token_hash
from intake.insurance.models import Coverage
from intake.leads.models import Lead
from tests.factories import make_coverage, make_message, make_payer, make_user, page_of, send_request, sign_in
from tests.intake.form_page import FormPage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("insurance_is_shown")]

CARD = {
    "payer": "Zebulon Mutual",
    "member_id": "XEA900000017",
    "subscriber_name": "Quux Zappa",
    "subscriber_born_on": "4/2/1961",
}


@pytest.fixture
def token() -> str:
    return send_request(name="Sam")


def send(client, token: str, **values):
    return client.post(f"/request/{token}/insurance/", CARD | values)


def opened(client, token: str, **values) -> Coverage:
    send(client, token, **values)
    open_messages()
    return Coverage.objects.current().get(recorded_by=None)


# --- What the visitor does ------------------------------------------------------------------------------------------


def test_insurance_is_one_more_sealed_message_that_the_public_role_may_send(client, token, become):
    become("site")
    before = client.get(f"/request/{token}/")

    response = send(client, token)
    after = client.get(response["Location"])

    assert (response.status_code, response["Location"]) == (303, f"/request/{token}/")
    assert (before.context["insured_at"], bool(after.context["insured_at"])) == ("", True)


def test_nothing_of_the_card_is_readable_at_rest_nor_shown_on_a_page_again(client, token):
    send(client, token)

    row = CallbackMessage.objects.get(kind="insurance")
    stored = bytes(row.sealed) + bytes(row.receipt) + row.public_status.encode()
    pages = client.get(f"/request/{token}/").text + client.get(f"/request/{token}/insurance/").text

    planted = b"".join(value.encode() for value in CARD.values())
    assert all(value.encode() in planted for value in CARD.values())
    assert [value for value in CARD.values() if value.encode() in stored or value in pages] == []


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"payer": " "}, ["payer"]),
        (
            {"payer": "x" * 121, "member_id": "x" * 121, "subscriber_name": "x" * 121},
            ["payer", "member_id", "subscriber_name"],
        ),
        ({"subscriber_born_on": "yesterday"}, ["subscriber_born_on"]),
        ({"subscriber_born_on": "3/27/80"}, ["subscriber_born_on"]),
        ({"subscriber_born_on": "3/27/2080"}, ["subscriber_born_on"]),
    ],
)
def test_mistake_is_explained_and_keeps_what_was_typed(client, token, values, wrong):
    response = send(client, token, **values)

    assert (response.status_code, list(response.context["form"].errors)) == (422, wrong)
    assert FormPage(response.text).fields == {name: [value] for name, value in (CARD | values).items()}
    assert not CallbackMessage.objects.filter(kind="insurance").exists()


@pytest.mark.parametrize(
    "typed",
    [
        "3/27/1980",
        "03-27-1980",
        "3 27 1980",
        "March 27, 1980",
        "27 March 1980",
        "27 Mar 1980",
        "Mar 27 1980",
        "1980-03-27",
        "27/3/1980",
        "27-03-1980",
        "27 de marzo de 1980",
        "27 de Marzo del 1980",
    ],
)
def test_date_of_birth_may_be_written_in_any_usual_way(client, token, typed):
    assert opened(client, token, subscriber_born_on=typed).subscriber_born_on == "1980-03-27"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("3/27/80", WHICH_YEAR),
        ("27 March 80", WHICH_YEAR),
        ("3/27/2080", WHICH_YEAR),
        ("3/27/1880", WHICH_YEAR),
        ("yesterday", WHICH_DAY),
        ("13/27/1980", WHICH_DAY),
    ],
)
def test_year_of_birth_is_named_where_it_is_the_cause(client, token, typed, said):
    response = send(client, token, subscriber_born_on=typed)

    assert response.context["form"].errors == {"subscriber_born_on": [str(said)]}


def test_only_the_payer_is_needed(client, token):
    coverage = opened(client, token, member_id="", subscriber_name="", subscriber_born_on="")

    assert (coverage.payer_as_written, coverage.member_id, coverage.subscriber_born_on) == (CARD["payer"], "", "")
    assert coverage.subscriber_relation == Coverage.Relation.SELF


@pytest.mark.parametrize("link", ["wrong", "stopped", "erased"])
def test_link_that_is_wrong_or_over_takes_nothing(client, token, link):
    if link != "wrong":
        client.post(f"/request/{token}/", {"wish": link.removesuffix("ped").removesuffix("d")})

    response = send(client, "w" * 22 if link == "wrong" else token)

    assert response.status_code == (404 if link == "wrong" else 303)
    assert not CallbackMessage.objects.filter(kind="insurance").exists()


def test_post_from_another_site_is_refused(client, token):
    response = client.post(f"/request/{token}/insurance/", CARD, headers={"Sec-Fetch-Site": "cross-site"})

    assert (response.status_code, CallbackMessage.objects.filter(kind="insurance").count()) == (403, 0)


def test_what_can_be_stored_nowhere_is_said_not_to_be_sent_and_kept(client, token, monkeypatch):
    def nowhere(*args, **kwargs):
        raise submission.spool.NotKept("full")

    monkeypatch.setattr(submission, "_send", nowhere)

    response = send(client, token)

    assert response.status_code == 503
    assert FormPage(response.text).fields == {name: [value] for name, value in CARD.items()}


# --- What the desk has of it ----------------------------------------------------------------------------------------


def test_it_becomes_a_coverage_that_nobody_has_checked(client, token):
    payer = make_payer(name="Zebulon MUTUAL")
    coverage = opened(client, token)

    lead = Lead.objects.get()
    assert (coverage.lead, coverage.rank, coverage.payer, coverage.is_unchecked) == (lead, 1, payer, True)
    assert (coverage.payer_as_written, coverage.member_id) == (CARD["payer"], CARD["member_id"])
    assert (coverage.subscriber_name, coverage.subscriber_born_on) == (CARD["subscriber_name"], "1961-04-02")
    assert lead.activities.values_list("kind", "by", "detail").first() == ("insured", None, {"rank": 1})


def test_what_is_sent_again_replaces_what_nobody_has_checked(client, token):
    first = opened(client, token)
    second = opened(client, token, member_id="OTHER")

    assert (second.pk, second.member_id, Coverage.objects.count()) == (first.pk, "OTHER", 1)


def test_what_staff_recorded_is_never_touched(client, token):
    open_messages()
    recorded = make_coverage(lead=Lead.objects.get())

    sent = opened(client, token)

    assert (sent.rank, Coverage.objects.get(pk=recorded.pk).member_id) == (2, recorded.member_id)
    assert Coverage.objects.get(pk=recorded.pk).recorded_by == recorded.recorded_by


def test_fourth_coverage_has_no_room_and_the_timeline_says_that_it_came(client, token):
    open_messages()
    lead = Lead.objects.get()
    for rank in Coverage.Rank:
        make_coverage(lead=lead, rank=rank)

    send(client, token)
    open_messages()

    assert (Coverage.objects.filter(recorded_by=None).count(), failed_messages()) == (0, [])
    assert lead.activities.first().kind == "insured"


def test_consultant_sees_that_it_is_unchecked_checks_it_and_then_verifies_it(client, token):
    payer = make_payer()
    coverage, user = opened(client, token), make_user()
    sign_in(client, user)
    lead = coverage.lead
    change = reverse("desk:change_coverage", args=[lead.pk, coverage.pk])
    verify = reverse("desk:verify_benefits", args=[lead.pk, coverage.pk])

    pages = [client.get(page_of(lead)).text, client.get(reverse("desk:insurance", args=[lead.pk])).text]
    too_early = client.get(verify)
    form = FormPage(client.get(change).text).fields
    client.post(
        change,
        {"rank": 1, "payer": payer.pk, "plan_type": "ppo", "subscriber_relation": "spouse"}
        | {name: form[name][0] for name in ("member_id", "subscriber_name", "subscriber_born_on")},
    )

    assert all(escape(CARD["payer"]) in page for page in pages)
    assert not any(CARD["member_id"] in page or CARD["subscriber_name"] in page for page in pages)
    assert (too_early.status_code, too_early["Location"]) == (302, change)
    checked = Coverage.objects.get()
    assert (checked.recorded_by, checked.payer, checked.is_unchecked) == (user, payer, False)
    assert (checked.member_id, checked.subscriber_born_on) == (CARD["member_id"], "1961-04-02")
    assert client.get(verify).status_code == 200


def test_date_of_birth_that_no_key_opens_survives_a_change_of_the_rest(client, token):
    coverage, payer = opened(client, token), make_payer()
    Coverage.objects.update(subscriber_born_on=b"not an envelope")
    sign_in(client, make_user())
    fields = {"rank": 1, "payer": payer.pk, "plan_type": "ppo", "subscriber_relation": "self"}

    client.post(reverse("desk:change_coverage", args=[coverage.lead_id, coverage.pk]), fields)

    stored = Coverage.objects.values_list("plan_type", "subscriber_born_on").get()
    assert (stored[0], bytes(stored[1])) == ("ppo", b"not an envelope")


def test_erasure_takes_it_along(client, token):
    coverage = opened(client, token)

    client.post(f"/request/{token}/", {"wish": "erase"})
    open_messages()

    coverage.refresh_from_db()
    kept = (coverage.payer_as_written, coverage.member_id, coverage.subscriber_name, coverage.subscriber_born_on)
    assert kept == ("", "", "", "")
    message = CallbackMessage.objects.get(kind="insurance")
    assert (bytes(message.sealed), bytes(message.receipt)) == (b"", b"")


def test_it_may_be_opened_before_the_request_it_belongs_to_and_is_then_taken_in(client, token):
    send(client, token)
    CallbackMessage.objects.filter(kind="insurance").update(received_at="2026-01-01T00:00:00Z")

    open_messages()
    CallbackMessage.objects.update(open_failed_at=None)
    open_messages()

    assert Coverage.objects.count() == 1


@pytest.mark.parametrize(
    "part",
    [
        {"payer": "x" * 121},
        {"member_id": None},
        {"subscriber_name": "\x00"},
        {"subscriber_born_on": "1850-01-01"},
        {"subscriber_born_on": "soon"},
        {"subscriber_born_on": 7},
    ],
)
def test_sealed_contents_that_no_honest_sender_writes_do_not_open(part):
    with pytest.raises(NotTheContract):
        Insurance(
            **({"token": "t", "payer": "", "member_id": "", "subscriber_name": "", "subscriber_born_on": ""} | part)
        )


def test_database_refuses_a_coverage_of_staff_without_a_payer():
    with pytest.raises(IntegrityError), transaction.atomic():
        Coverage.objects.filter(pk=make_coverage().pk).update(payer=None)


def test_sealed_for_another_receipt_reaches_nobody(client, token):
    open_messages()
    contents = {"version": 1, "token": "t" * 22, **CARD, "subscriber_born_on": ""}
    forged = make_message(contents, kind="insurance", token_hash=token_hash(token))

    open_messages()

    assert (Coverage.objects.count(), failed_messages(), failed_messages()[0].is_unreadable) == (0, [forged], True)
