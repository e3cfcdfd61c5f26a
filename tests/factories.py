"""Plain functions that make the rows the tests need. What a test does not name gets a value that is nobody's."""

import json
import secrets
import uuid
from datetime import UTC, date, datetime
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import is_mfa_enabled
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page

from config.accounts.roles import give_role, load_roles
from facilities.directory.levels import LevelOfCare
from facilities.directory.payers import Payer
from facilities.review.ticks import cited_in_draft, keep_ticks
from facilities.sources.models import Source
from intake.callbacks.answers import CONSENT_VERSION
from intake.callbacks.contract import CallbackRequest
from intake.callbacks.forms import CallbackForm
from intake.callbacks.inbox import open_messages
from intake.callbacks.models import CallbackMessage, message_info
from intake.callbacks.receipts import Entry, encrypt_entry, new_token, token_hash
from intake.callbacks.submission import submit_request
from intake.insurance.consent import record_consent
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.leads import acts
from intake.leads.activity import CallOutcome, ConsentHow, ConsentOf
from intake.leads.acts.claim import CLAIM_LASTS
from intake.leads.contact_point import locked_points
from intake.leads.models import Lead
from intake.privacy import keys, sealing

PHONE = "+17025550163"  # reserved for fiction, as every number here
WHY = "As their sister told us."  # in a note, where an act needs words
# What the page of a change sends, but for the number.
HOW = {"name": "Sam", "time_zone": "", "voicemail": "no", "text": "no", "if_other_answers": "hang_up"}


def make_user(role: str = "consultant", **fields: Any) -> User:
    """A member of staff with one role ("" for none) and no password."""
    user = User.objects.create(**{"username": f"{role or 'nobody'}-{secrets.token_hex(4)}", "password": "!", **fields})
    if role:
        if not Group.objects.filter(name=role).exists():
            load_roles()
        give_role(user, role)
    return user


def sign_in(client: Client, user: User) -> None:
    """As after a whole sign-in: with a second factor set up, and shown in this session."""
    if not is_mfa_enabled(user):
        TOTP.activate(user, generate_totp_secret())
    client.force_login(user)
    request = RequestFactory().get("/")
    request.session = client.session
    record_authentication(request, user, method="mfa")
    request.session.save()


def zone_where_it_is(hour: int) -> str:
    """A time zone whose clock shows `hour` o'clock and some minutes just now."""
    ahead = hour - datetime.now(UTC).hour
    ahead += 24 if ahead < -12 else -24 if ahead > 12 else 0
    return f"Etc/GMT{-ahead:+d}"  # POSIX counts west of Greenwich as positive


def at_noon() -> dict[str, Any]:
    """The fields of a lead whose person may be called, whatever the time of the test run."""
    return {"time_zone": zone_where_it_is(12), "number_zones": []}


def put_at_noon() -> None:
    """Every lead there is, as if it were noon for its person."""
    Lead.objects.update(**at_noon())


def make_lead(**fields: Any) -> Lead:
    """A lead without messages, at a safe hour of its person's day. `claimed_by` and `closed_by` bring their times."""
    now = timezone.now()
    values = {
        "reference": f"LARK-{secrets.randbelow(10_000):04d}",
        "received_at": now,
        "about": "self",
        "name": "Sam",
        "phone": _next_number(),
        "note": "",
        "language": "en",
        "consent_version": CONSENT_VERSION,
        "times": [],
        **at_noon(),
        "voicemail": "no",
        "text": "no",
        "if_other_answers": "hang_up",
        "answers_token": secrets.token_bytes(16),
    }
    if fields.get("claimed_by"):
        values |= {"claimed_at": now, "claim_lapses_at": now + CLAIM_LASTS}
    if fields.get("closed_by"):
        values |= {"closed_at": now, "close_reason": Lead.CloseReason.REFERRED}
    values |= fields
    with transaction.atomic():
        return Lead.objects.create(contact_point=locked_points([values["phone"]])[values["phone"]], **values)


def _next_number() -> str:
    """PHONE for the first lead, and for each further one a number that ends like it: nobody shares it unasked."""
    exchange, area = divmod(Lead.objects.count(), 499)
    return f"+1{203 + area}{555 + exchange}0163" if area else PHONE


def page_of(lead: Lead) -> str:
    """The address of a lead's page at the desk."""
    return reverse("desk:lead", args=[lead.pk])


def send_request(**answers: Any) -> str:
    """A visitor's request, sealed and stored as the form would; returns the token of its receipt."""
    if "x" in answers.get("phone", ""):  # at a switchboard, somebody else answers first
        answers = {"name": "Sam", "if_other_answers": "ask_for_me", **answers}
    form = CallbackForm({"phone": PHONE, "consent": "on", **answers})
    assert form.is_valid(), form.errors
    return submit_request(form.answers)


def receive_lead(**answers: Any) -> Lead:
    """A lead that came the whole way: sent by a visitor, opened by the desk."""
    token = send_request(**answers)
    open_messages()
    return Lead.objects.get(messages__message__token_hash=token_hash(token))


def sealed_contents(**changes: Any) -> dict[str, Any]:
    """What an honest site process seals, without the token; a test changes what a dishonest one would."""
    form = CallbackForm({"phone": PHONE, "name": "Sam", "time_zone": "America/Los_Angeles", "consent": "on"})
    assert form.is_valid(), form.errors
    request = CallbackRequest(
        **vars(form.answers), reference="LARK-4821", token="", source="", consent_version=CONSENT_VERSION
    )
    contents = json.loads(request.to_json())
    del contents["token"]
    return contents | changes


def make_message(contents: Any = None, *, kind: str = "request", **columns: Any) -> CallbackMessage:
    """A message with any contents: a dict (which gets the receipt's token, unless it has one), other JSON, or bytes."""
    token, message_id = new_token(), uuid.uuid4()
    contents = sealed_contents() if contents is None else contents
    if isinstance(contents, dict):
        contents = {"token": token, **contents}
    plaintext = contents if isinstance(contents, bytes) else json.dumps(contents).encode()
    info = message_info(message_id, kind)
    values = {
        "id": message_id,
        "kind": kind,
        "sealed": sealing.seal(plaintext, to=keys.public_key(), info=info),
        "token_hash": token_hash(token),
        "receipt": encrypt_entry(Entry(kind=kind, at=timezone.now(), reference="LARK-4821"), token),
    }
    return CallbackMessage.objects.create(**values | columns)


def make_source(**fields: Any) -> Source:
    name = secrets.token_hex(4)
    values = {
        "publisher": "An agency",
        "title": f"Findings n{name}",
        "url": f"https://www.example.org/{name}",
        "accessed_on": date(2026, 11, 1),
        "checked_on": date(2026, 11, 1),
    }
    return Source.objects.create(**values | fields)


def make_payer(**fields: Any) -> Payer:
    return Payer.objects.create(**{"name": f"Payer {secrets.token_hex(4)}", **fields})


def make_coverage(*, is_agreed: bool = True, **fields: Any) -> Coverage:
    """With the consent to ask its payer, unless a test says otherwise."""
    lead = fields.get("lead") or make_lead()
    if is_agreed:
        make_consent(lead)
    values = {
        "lead": lead,
        "payer": fields.get("payer") or make_payer(),
        "recorded_by": fields.get("recorded_by") or make_user(),
        "member_id": "XEA900000017",
    }
    return Coverage.objects.create(**values | fields)


def make_verification(**fields: Any) -> VerificationOfBenefits:
    values = {
        "coverage": fields.get("coverage") or make_coverage(),
        "entered_by": fields.get("entered_by") or make_user(),
        "source": VerificationOfBenefits.Source.PHONE,
        "representative": "Pat",
        "call_reference": "R-1",
        "verified_at": timezone.now(),
        "status": VerificationOfBenefits.Status.ACTIVE,
    }
    return VerificationOfBenefits.objects.create(**values | fields)


def make_level(**fields: Any) -> LevelOfCare:
    values = {"code": f"T{secrets.token_hex(4)}", "name": "a level of the tests", "sort_order": 100}
    return LevelOfCare.objects.create(**values | fields)


def make_line(**fields: Any) -> BenefitLine:
    values = {
        "verification": fields.get("verification") or make_verification(),
        "network": BenefitLine.Network.IN,
        "what": BenefitLine.What.EXCLUSION,
    }
    return BenefitLine.objects.create(**values | fields)


def make_consent(lead: Lead, *, by: User | None = None) -> None:
    """To ask the insurer, given today."""
    given = {"of": ConsentOf.PATIENT, "how": ConsentHow.SPOKEN, "on": timezone.localdate()}
    record_consent(lead, by=by or make_user(""), **given)


def make_call(lead: Lead, *, by: User, outcome: str = "no_answer", **more: Any) -> None:
    """A look at the number, with a word why, and what came of the call."""
    acts.reveal(lead, by=by, why="For a test.")
    acts.record_call(lead, by=by, outcome=CallOutcome(outcome), **more)


def tick_all(page: Page, user: User) -> None:
    """As a clinician who has read each cited sentence of the draft beside its sources."""
    keep_ticks(page.current_workflow_state, user, {sentence.key for sentence in cited_in_draft(page)})
