"""What the made-up center says of itself: each a claim with its (made-up) proof, owner and last day."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from facilities.demo.more_pages import ASK_US_TO_CALL
from facilities.directory.claims import Claim
from facilities.directory.models import Facility
from facilities.directory.payers import Payer
from facilities.pages.models import StandardPage

LASTS = timedelta(days=180)
EVIDENCE = "Made up, as the center is. A real claim would say which paper proves it, and where that is kept."

OF_THE_SITE = {
    "kind": Claim.Kind.CONFIDENTIALITY,
    "wording": "We do not tell family, work or police that you called, unless you agree or the law makes us.",
    "wording_es": "No decimos a su familia, trabajo ni policía que llamó, salvo que usted acepte o la ley lo exija.",
    "in_footer": True,
}
OF_THE_CENTER = [
    (Claim.Kind.ACCREDITATION, "Accredited for detox and residential care until 2028."),
    (Claim.Kind.MEDICINE, "All three medicines for opioid use disorder, for as long as they help you."),
    (Claim.Kind.EVIDENCE, "Licensed counselors use therapy that was tested in studies."),
    (Claim.Kind.FAMILIES, "Families are welcome if you want that. You choose what they may know."),
    (Claim.Kind.SUPPORT, "You leave with a prescriber, a first date to meet, and naloxone."),
]
IN_NETWORK = {
    "Example Health Plan (demo)": "In network for detox and residential care. The plan must agree first.",
    "Sagebrush Mutual (demo)": "In network for outpatient care. We ask the plan before each stay.",
}


def load_claims(owner: User) -> bool:
    """Approved, as if two people had looked at the proof. Does nothing the second time; returns whether it did."""
    facility = Facility.objects.filter(is_demo=True).first()
    if Claim.objects.exists() or not facility:
        return False
    common = {"evidence": EVIDENCE, "owner": owner, "expires_on": timezone.localdate() + LASTS}
    rows = [OF_THE_SITE]
    rows += [{"kind": kind, "wording": wording, "facility": facility} for kind, wording in OF_THE_CENTER]
    for name, wording in IN_NETWORK.items():
        payer = Payer.objects.get(name=name)
        rows.append({"kind": Claim.Kind.IN_NETWORK, "wording": wording, "facility": facility, "payer": payer})
    for fields in rows:
        claim = Claim(**common, **fields)
        claim.full_clean()
        claim.save()
        claim.save_revision().publish()
    _name_in_calls_to_action(Claim.objects.get(kind=Claim.Kind.CONFIDENTIALITY))
    return True


def _name_in_calls_to_action(claim: Claim) -> None:
    """Where somebody decides whether to ask for a call, the panel says what we keep to ourselves."""
    page = StandardPage.objects.filter(slug=ASK_US_TO_CALL["slug"]).first()
    if page:
        for section in page.body:
            for block in section.value["content"]:
                if block.block_type == "call_to_action":
                    block.value["claim"] = claim
        page.save_revision().publish()
