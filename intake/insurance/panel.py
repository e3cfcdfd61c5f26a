"""What a lead's page shows of its insurance."""

from typing import Any

from django.contrib.auth.models import User

from intake.insurance.cards import cards_of
from intake.insurance.models import coverages_of
from intake.insurance.payer_blind import is_hidden
from intake.leads.models import Lead
from intake.leads.panels import Panel


def _coverages(lead: Lead, user: User) -> dict[str, Any]:
    if is_hidden(lead, user):
        return {"is_hidden": True}
    current = coverages_of(lead).current().select_related("payer").prefetch_related("verifications")
    return {"coverages": current, "has_cards": cards_of(lead).exists()}


INSURANCE = Panel("desk/_insurance.html", "intake.view_coverage", _coverages)
