"""The form for what pays: asked only on the receipt, of who wants it checked before the call."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from intake.callbacks.contract import ON_A_CARD, Insurance
from intake.callbacks.forms import PlainTextField, too_long

DAYS = ["%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m %d %Y", "%Y-%m-%d", "%B %d %Y", "%B %d, %Y", "%b %d %Y", "%b %d, %Y"]
DAYS += ["%d %B %Y", "%d %b %Y"]
DAYS += ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"]  # last, so that only a day above 12 may stand first
MONTHS = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()
DAY_IN_SPANISH = re.compile(rf"(\d{{1,2}})\s+de\s+({'|'.join(MONTHS)})\s+(?:de|del)\s+(\d{{4}})", re.IGNORECASE)
WHICH_DAY = _("Enter the date of birth as month, day and year, such as 3/27/1980.")

WHICH_YEAR = _("Check the year of birth. Write it with four digits, such as 1980.")
NO_SUCH_DAY = _("That month has no such day. Check the date of birth.")
LIVED = 120  # years, at most
LAST_DAYS = re.compile(r"(?:0?[1-9]|1[0-2])([/.\- ])(?:29|3[01])\1\d{4}|\d{4}-(?:0[1-9]|1[0-2])-(?:29|3[01])", re.ASCII)
FEW_DIGITS = re.compile(r"(?!.*\d{4}).*\D\d{2}", re.ASCII)  # no year, or one of two digits, stands last


def card_field(label: Promise, *, required: Promise | str = "") -> PlainTextField:
    """One line of a card; `required` is the sentence for who leaves it empty."""
    return PlainTextField(
        label=label,
        required=bool(required),
        max_length=ON_A_CARD,
        error_messages={
            "required": required,
            "max_length": too_long(_("Use {most} characters or fewer here."), ON_A_CARD),
        },
    )


class BirthDateField(forms.DateField):
    """A past day as people here write it, and in Spanish: 27 de marzo de 1980; at most LIVED years ago."""

    def to_python(self, value: Any) -> date | None:
        if isinstance(value, str) and (written := DAY_IN_SPANISH.fullmatch(value.strip())):
            month = MONTHS.index(written[2].lower()) + 1
            value = f"{month}/{written[1]}/{written[3]}"
        if isinstance(value, str) and FEW_DIGITS.fullmatch(value.strip()):
            raise forms.ValidationError(WHICH_YEAR)
        try:
            day = super().to_python(value)
        except forms.ValidationError:
            if isinstance(value, str) and LAST_DAYS.fullmatch(value.strip()):
                raise forms.ValidationError(NO_SUCH_DAY) from None
            raise
        today = timezone.localdate()
        if day and not (today.year - LIVED <= day.year and day <= today):
            raise forms.ValidationError(WHICH_YEAR)
        return day


class InsuranceForm(forms.Form):
    """What a payer asks before it says what it covers."""

    payer = card_field(_("Insurance company or plan"), required=_("Enter the name of the insurance, as on the card."))
    member_id = card_field(_("Member ID"))
    # Only if it is somebody else than the person to be treated.
    subscriber_name = card_field(_("Whose name is the insurance in?"))
    subscriber_born_on = BirthDateField(
        label=_("When was that person born?"), required=False, input_formats=DAYS, error_messages={"invalid": WHICH_DAY}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_subscriber_born_on(self) -> str:
        day = self.cleaned_data["subscriber_born_on"]
        return day.isoformat() if day else ""

    def insurance(self, token: str) -> Insurance:
        """What a valid form says, on the receipt of this token."""
        return Insurance(token=token, **self.cleaned_data)
