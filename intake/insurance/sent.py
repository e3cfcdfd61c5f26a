"""What a person sends of their insurance on the receipt becomes a coverage, for somebody at the desk to check."""

from facilities.directory.payers import Payer
from intake.callbacks.contract import Insurance, Photo
from intake.callbacks.models import CallbackMessage
from intake.insurance.models import Coverage
from intake.leads.activity import Activity
from intake.leads.acts.changes import locked, record
from intake.leads.birth_years import keep_birth_years
from intake.leads.models import Lead
from intake.leads.wishes import each_for_its_lead, sent_at


@each_for_its_lead
def receive_insurance(lead: Lead, message: CallbackMessage, sent: Insurance) -> None:
    """What they sent before is replaced while nobody has checked it. What staff recorded is never touched."""
    coverage = _unchecked(locked(lead)) or _new(lead)
    if coverage is None:  # all three ranks are recorded: the timeline says that there is more to ask for
        record(lead, Activity.Kind.INSURED, by=None)
        return
    coverage.payer = Payer.objects.named(sent.payer)
    coverage.payer_as_written = sent.payer
    coverage.member_id = sent.member_id
    coverage.subscriber_name = sent.subscriber_name
    coverage.subscriber_relation = Coverage.Relation.OTHER if sent.subscriber_name else Coverage.Relation.SELF
    coverage.subscriber_born_on = sent.subscriber_born_on
    coverage.recorded_at = sent_at(message)
    coverage.save()
    keep_birth_years(lead)
    record(lead, Activity.Kind.INSURED, by=None, detail={"rank": coverage.rank})


@each_for_its_lead
def receive_photo(lead: Lead, message: CallbackMessage, photo: Photo) -> None:
    """It stays sealed in its message, and is opened anew for each look (intake.insurance.cards)."""
    record(lead, Activity.Kind.CARD_SENT, by=None, detail={"side": message.kind})


def _unchecked(lead: Lead) -> Coverage | None:
    return lead.coverages.current().select_for_update().filter(recorded_by=None).first()


def _new(lead: Lead) -> Coverage | None:
    taken = set(lead.coverages.current().values_list("rank", flat=True))
    free = next((rank for rank in Coverage.Rank if rank not in taken), None)
    return Coverage(lead=lead, rank=free) if free else None
