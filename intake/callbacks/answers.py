"""The words of a callback request: what may be answered to each question, for the form and for the desk alike."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class About(models.TextChoices):
    """Nothing is chosen already: a parent who reads fast would otherwise say that it is about them."""

    UNSAID = "", "Not said"
    SELF = "self", _("Me")
    SOMEONE_ELSE = "someone_else", _("Someone I care about")
    PROFESSIONAL = "professional", _("Someone I work with")


class TimeOfDay(models.TextChoices):
    """Day parts of the person's own clock; the hours are in `calling_hours`."""

    MORNING = "morning", _("Morning, 8 to noon")
    AFTERNOON = "afternoon", _("Afternoon, noon to 5")
    EVENING = "evening", _("Evening, 5 to 9")


class Voicemail(models.TextChoices):
    NO = "no", _("Do not leave a message")
    NAME_ONLY = "name_only", _("Leave only a first name and a number")
    YES = "yes", _("You may say where you are calling from")


class TextMessages(models.TextChoices):
    NO = "no", _("Do not text me")
    YES = "yes", _("You may text me")


class IfOtherAnswers(models.TextChoices):
    HANG_UP = "hang_up", _("Hang up without a word")
    ASK_FOR_ME = "ask_for_me", _("Ask for me by name, say nothing else")


class Language(models.TextChoices):
    """Each by its own name, which its speakers know."""

    ENGLISH = "en", "English"
    SPANISH = "es", "Español"


class Suspicion(models.TextChoices):
    """Why a person at the desk looks at a request before anybody calls. None of them refuses it."""

    TRAP = "trap", "A field that people cannot see was filled in. Some browsers and helpers do that too."
    HASTE = "haste", "It was sent faster than a person can."
    LINKS = "links", "What they wrote holds a link."
    CROWD = "crowd", "Many requests came from its network, and its browser did not do the short calculation."


AS_MY_NUMBER = ("", _("Same as my phone number"))


CONSENT_VERSION = "2026-11-25"
CONSENT_TEXT = _("You may call me at this number about my request. I can take this back at any time.")
