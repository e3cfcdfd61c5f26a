"""Collects the models of the rooms."""

from facilities.directory.claims import Claim
from facilities.directory.levels import LevelOfCare
from facilities.directory.models import CrisisLine, Facility, PhoneHours, PhoneLine
from facilities.directory.payers import Payer, PayerAlias, PayerIdentifier
from facilities.directory.rates import Rate
from facilities.directory.referral import ReferralPlace
from facilities.pages.insurance import InsurancePage
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, StandardPage
from facilities.pages.places import FacilityIndexPage, FacilityPage
from facilities.pages.safety import StayingSafePage
from facilities.pages.site_settings import SiteSettings
from facilities.pages.topics import Topic
from facilities.pasting.models import PastedText
from facilities.pictures.models import Picture, PictureRendition
from facilities.review.forced import ForcedPublishing
from facilities.review.models import ClinicalReviewTask, FactCheckTask
from facilities.review.ticks import Tick
from facilities.sources.models import LinkCheck, Source

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "Claim",
    "ClinicalReviewTask",
    "CrisisLine",
    "Facility",
    "FacilityIndexPage",
    "FacilityPage",
    "FactCheckTask",
    "ForcedPublishing",
    "HomePage",
    "InsurancePage",
    "LevelOfCare",
    "LinkCheck",
    "PastedText",
    "Payer",
    "PayerAlias",
    "PayerIdentifier",
    "PhoneHours",
    "PhoneLine",
    "Picture",
    "PictureRendition",
    "Rate",
    "ReferralPlace",
    "SiteSettings",
    "Source",
    "StandardPage",
    "StayingSafePage",
    "Tick",
    "Topic",
]
