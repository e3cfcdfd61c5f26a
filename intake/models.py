"""Collects the models of the rooms."""

from intake.callbacks.heartbeat import Heartbeat
from intake.callbacks.models import CallbackMessage
from intake.callbacks.waits import MeasuredWait
from intake.insurance.checks import Check
from intake.insurance.electronic import ElectronicAnswer
from intake.insurance.lines import BenefitLine
from intake.insurance.models import Coverage
from intake.insurance.verification import VerificationOfBenefits
from intake.leads.activity import Activity, Note
from intake.leads.contact_point import ContactPoint
from intake.leads.drafts import Draft
from intake.leads.models import Lead, LeadMessage
from intake.leads.saved_filter import SavedFilter
from intake.leads.tokens import LookupToken

__all__ = [
    "Activity",
    "BenefitLine",
    "CallbackMessage",
    "Check",
    "ContactPoint",
    "Coverage",
    "Draft",
    "ElectronicAnswer",
    "Heartbeat",
    "Lead",
    "LeadMessage",
    "LookupToken",
    "MeasuredWait",
    "Note",
    "SavedFilter",
    "VerificationOfBenefits",
]
