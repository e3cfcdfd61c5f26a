"""Collects the models of the rooms."""

from facilities.directory.models import CrisisLine, Facility, Payer, PhoneHours, PhoneLine
from facilities.directory.referral import ReferralPlace
from facilities.pages.models import ArticleIndexPage, ArticlePage, HomePage, SiteSettings
from facilities.pictures.models import Picture, PictureRendition
from facilities.sources.models import LinkCheck, Source

__all__ = [
    "ArticleIndexPage",
    "ArticlePage",
    "CrisisLine",
    "Facility",
    "HomePage",
    "LinkCheck",
    "Payer",
    "PhoneHours",
    "PhoneLine",
    "Picture",
    "PictureRendition",
    "ReferralPlace",
    "SiteSettings",
    "Source",
]
