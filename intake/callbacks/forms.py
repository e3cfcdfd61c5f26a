"""The forms of the visitor: they ask only what a safe call needs, and every question has a reason beside it."""

import re
from dataclasses import asdict, fields, replace
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from facilities.directory.models import PhoneLine
from facilities.directory.zones import CHOICES_WITH_TOWNS
from intake.callbacks.answers import (
    AS_MY_NUMBER,
    CONSENT_TEXT,
    About,
    IfOtherAnswers,
    Language,
    TextMessages,
    TimeOfDay,
    Voicemail,
)
from intake.callbacks.contract import NAME_LENGTH, Answers, Change, HowToCall
from intake.callbacks.crisis import means_danger
from intake.callbacks.receipts import Rules
from intake.phone import (
    FOR_HELP_NOW,
    LONGEST,
    CrisisNumber,
    NotANumber,
    Phone,
    Reading,
    Unclear,
    beside_number,
    ending,
    extension,
    number_alone,
    read_phone,
)

CRISIS = "crisis"
NOTE_LENGTH = 200  # characters: enough for an interpreter or a word to avoid, too few for a history
WHICH_ZONE = _("Choose your time zone. This number does not tell us what time it is for you.")
OUR_OWN = _("That is our own number. Enter the number on which we can call you.")
GOOD_AND_NOT = _("You marked the same time as good and as not good. Choose one of them.")
NO_TIME_LEFT = _("This leaves no time at which we may call. Leave one free.")
SWITCHBOARD = _(
    "Somebody else always answers first at a number with an extension, so we cannot hang up there. "
    "Choose “Ask for me by name”, or enter a direct number."
)
ASK_FOR_WHOM = _("Enter a name we can ask for, or choose to hang up if someone else answers.")
HOLDS_NOW = {
    ("voicemail", Voicemail.NO): _("no message"),
    ("voicemail", Voicemail.NAME_ONLY): _("a message with only a name and a number"),
    ("voicemail", Voicemail.YES): _("a message may say where we call from"),
    ("text", TextMessages.NO): _("no text"),
    ("text", TextMessages.YES): _("texts are fine"),
    ("if_other_answers", IfOtherAnswers.HANG_UP): _("we hang up if someone else answers"),
    ("if_other_answers", IfOtherAnswers.ASK_FOR_ME): _("we ask for you if someone else answers"),
}
TIMES = TimeOfDay.values  # an enumeration makes this list anew at each look
# The last two ranges turn the direction of what follows, so that a name could rewrite the line it stands in.
CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


class PlainTextField(forms.CharField):
    """Text in any script. Control characters, which no person types, are dropped instead of complained about."""

    def to_python(self, value: Any) -> str:
        return super().to_python(CONTROL_CHARACTERS.sub("", str(value)) if value is not None else value)


class SafestChoiceField(forms.ChoiceField):
    """A choice that may be left out; then the first and safest answer holds."""

    def __init__(self, *, choices: Any, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.RadioSelect)
        kwargs.setdefault("initial", choices[0][0])
        super().__init__(choices=choices, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        return super().clean(value) or (self.initial() if callable(self.initial) else self.initial)


class FixedFields(dict[str, forms.Field]):
    """The fields of a form that never changes them: all its instances share them, where Django copies each one."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "FixedFields":
        return self


def choice_error(question: Promise) -> dict[str, Promise]:
    return {"invalid_choice": format_lazy(_("Choose one of the answers to “{question}”."), question=question)}


def too_long(sentence: Promise, most: int) -> Promise:
    """A sentence about more than `most` characters."""
    return format_lazy(sentence, most=most)


def language_of_page() -> Language:
    """Who asks in Spanish most likely wants to speak it."""
    return Language.SPANISH if get_language() == Language.SPANISH else Language.ENGLISH


class HowToCallForm(forms.Form):
    """The questions whose answers may change later."""

    # Without a number we cannot call. It is kept as E.164 and never shown to the visitor again in full.
    phone = PlainTextField(
        label=_("What number can we call?"),
        max_length=LONGEST,
        error_messages={
            "required": _("Enter the phone number we can call."),
            "max_length": too_long(_("Enter one phone number only, in {most} characters or fewer."), LONGEST),
        },
    )
    # Which of several readings of the number is meant, if we had to ask: otherwise we might call a stranger.
    reading = PlainTextField(label=_("Which number is it?"), required=False)
    # So that we ask for the right person. Any name serves; nobody checks it.
    name = PlainTextField(
        label=_("What can we call you?"),
        required=False,
        max_length=NAME_LENGTH,
        error_messages={
            "max_length": too_long(
                _("Use {most} characters or fewer for the name. A first name is enough."), NAME_LENGTH
            )
        },
    )
    # So that we call only when it is safe.
    times = forms.MultipleChoiceField(
        label=_("When is a good time?"),
        choices=TimeOfDay.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose good times from the list, or none at all.")},
    )
    not_times = forms.MultipleChoiceField(
        label=_("When should we not call?"),
        choices=TimeOfDay.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("Choose times from the list, or none at all.")},
    )
    time_zone = SafestChoiceField(
        label=_("Which time zone are you in?"),
        choices=[AS_MY_NUMBER, *CHOICES_WITH_TOWNS],
        widget=forms.Select,
        error_messages=choice_error(_("Which time zone are you in?")),
    )
    voicemail = SafestChoiceField(
        label=_("If nobody answers"), choices=Voicemail.choices, error_messages=choice_error(_("If nobody answers"))
    )
    text = SafestChoiceField(
        label=_("Text messages"), choices=TextMessages.choices, error_messages=choice_error(_("Text messages"))
    )
    if_other_answers = SafestChoiceField(
        label=_("If someone else answers"),
        choices=IfOtherAnswers.choices,
        error_messages=choice_error(_("If someone else answers")),
    )

    number_zones: list[str]  # the time zones of the number, once it is clean
    readings: tuple[Reading, ...] = ()  # of a number about which we ask, or asked

    def __init__(self, *args: Any, line: PhoneLine | None = None, **kwargs: Any) -> None:
        """`line` is who calls: its own number is none that it can call."""
        self.own_number = line.number.as_e164 if line else ""
        super().__init__(*args, label_suffix="", **kwargs)

    def clean_phone(self) -> str:
        try:
            number, self.number_zones = self._read_phone(self.cleaned_data["phone"])
            if number_alone(number) == self.own_number:
                raise NotANumber(OUR_OWN)
        except NotANumber as problem:
            if isinstance(problem, CrisisNumber) or means_danger(self.cleaned_data["phone"]):
                raise forms.ValidationError(FOR_HELP_NOW, code=CRISIS) from problem
            raise forms.ValidationError(str(problem), code="invalid") from problem
        return number

    def _read_phone(self, typed: str) -> Phone:
        """Raises NotANumber, and Unclear only until it is answered."""
        try:
            return read_phone(typed)
        except Unclear as question:
            self.readings = tuple(question.readings)
            if answered := question.answered(self["reading"].data):
                return answered
            raise

    @property
    def chosen_reading(self) -> str:
        """The number that is marked among the readings: until another is chosen, the one that the page names first."""
        numbers = [reading.phone.number for reading in self.readings]
        chosen = self["reading"].data
        return chosen if chosen in numbers else numbers[0]

    @property
    def is_crisis(self) -> bool:
        """Whether the number that was typed is one to call now: 911, 988; or other words may mean danger.

        The page comes back for an error, and whoever is in danger may never send it again.
        """
        written = [self.data.get(name) or "" for name in ("name", "note", "phone")]
        return self.has_error("phone", CRISIS) or means_danger(*written)

    def clean_times(self) -> list[str]:
        """In the order of the day and each once, so that the same answers are the same however they were sent."""
        return [value for value in TIMES if value in self.cleaned_data["times"]]

    def clean_not_times(self) -> list[str]:
        """What is left besides is good from here on: `times` says it all, and nothing else need be kept."""
        good, bad = self.cleaned_data.get("times", []), self.cleaned_data["not_times"]
        if set(good) & set(bad):
            raise forms.ValidationError(GOOD_AND_NOT)
        if set(bad) == set(TIMES):
            raise forms.ValidationError(NO_TIME_LEFT)
        if bad and not good:
            self.cleaned_data["times"] = [value for value in TIMES if value not in bad]
        return bad

    @property
    def holds_now(self) -> str:
        """How private it is as the form stands: "no message, no text, we hang up if someone else answers"."""
        chosen = (
            (name, self[name].value() or self.fields[name].initial)
            for name in ("voicemail", "text", "if_other_answers")
        )
        return ", ".join(str(HOLDS_NOW[answer]) for answer in chosen if answer in HOLDS_NOW)

    @property
    def has_times(self) -> bool:
        """Whether something about the time was answered, or answered wrong, so that its part of the page is open."""
        return any(self[name].value() or self[name].errors for name in ("times", "not_times", "time_zone"))

    @property
    def has_privacy_errors(self) -> bool:
        return any(self[name].errors for name in ("voicemail", "text", "if_other_answers"))

    def extension_of_number(self) -> str:
        """That of the number as it was typed, once it is clean."""
        return extension(self.cleaned_data.get("phone", ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("if_other_answers") == IfOtherAnswers.HANG_UP and self.extension_of_number():
            self.add_error("if_other_answers", SWITCHBOARD)
        if "phone" in cleaned and cleaned.get("time_zone") == "" and not self.number_zones:
            self.add_error("time_zone", WHICH_ZONE)
        if cleaned.get("if_other_answers") == IfOtherAnswers.ASK_FOR_ME and cleaned.get("name") == "":
            self.add_error("name", ASK_FOR_WHOM)
        return cleaned


class CallbackForm(HowToCallForm):
    """What is asked once, when the call is asked for."""

    # A worried parent and a person in withdrawal need another first sentence.
    about = forms.ChoiceField(
        label=_("Who is this about?"),
        choices=[choice for choice in About.choices if choice[0]],
        required=False,
        widget=forms.RadioSelect,
        error_messages=choice_error(_("Who is this about?")),
    )
    # So that somebody calls who speaks it.
    language = SafestChoiceField(
        label=_("Which language would you like to speak?"),
        choices=Language.choices,
        initial=language_of_page,
        error_messages=choice_error(_("Which language would you like to speak?")),
    )
    # What makes the call safer or easier: an interpreter, a name to avoid. Not health details.
    note = PlainTextField(
        label=_("Is there anything that would make the call easier?"),
        required=False,
        max_length=NOTE_LENGTH,
        error_messages={
            "max_length": too_long(
                _("Use {most} characters or fewer here. You can tell us the rest when we call."), NOTE_LENGTH
            )
        },
    )
    consent = forms.BooleanField(
        label=CONSENT_TEXT,
        error_messages={"required": _("Check the box that says we may call you. Without it we do not call.")},
    )
    # The honeypot. A person never sees it; who fills it in goes to quarantine, where a person looks.
    website = PlainTextField(required=False)

    @property
    def has_more(self) -> bool:
        """Whether the language or the note was answered, so that their part of the page is open."""
        is_language_changed = self["language"].value() not in (None, language_of_page())
        return bool(is_language_changed or self["note"].value() or self["note"].errors)

    @property
    def asks_for_another_language(self) -> bool:
        """So the question stands on the page with its answer, even if nobody on the line speaks it (any more)."""
        return (self["language"].value() or language_of_page()) != Language.ENGLISH

    @property
    def answers(self) -> Answers:
        """What a valid form asks for."""
        return Answers(**{part.name: self.cleaned_data[part.name] for part in fields(Answers)})

    def clean_note(self) -> str:
        """With the words that stood beside the number: somebody reads them, and the lexicon of danger does."""
        beside = beside_number(str(self.data.get("phone", ""))[:LONGEST])
        return "\n".join(filter(None, [self.cleaned_data["note"], beside]))

    def clean_website(self) -> bool:
        """Whether the honeypot was filled; what it was filled with is not kept."""
        return bool(self.cleaned_data["website"])


# Errors are listed in the order of the page.
ON_THE_PAGE = (
    "phone reading name about times not_times time_zone voicemail if_other_answers text language note consent website"
).split()
CallbackForm.base_fields = FixedFields({name: CallbackForm.base_fields[name] for name in ON_THE_PAGE})


class ChangeForm(HowToCallForm):
    """How and when to call from now on, filled in with what holds; the number is left empty to keep it."""

    phone = PlainTextField(
        label=_("Another number"),
        required=False,
        max_length=LONGEST,
        error_messages=HowToCallForm.base_fields["phone"].error_messages,
    )

    def __init__(self, *args: Any, rules: Rules, **kwargs: Any) -> None:
        self.rules = rules
        super().__init__(*args, initial=asdict(rules), **kwargs)

    def extension_of_number(self) -> str:
        return super().extension_of_number() if self.cleaned_data.get("phone") else self.rules.extension

    def clean_phone(self) -> str:
        if not self.cleaned_data["phone"]:
            self.number_zones = self.rules.zones
            return ""
        return super().clean_phone()

    def change(self, token: str) -> Change:
        """What a valid form asks for, on the receipt of this token."""
        return Change(token=token, **{part.name: self.cleaned_data[part.name] for part in fields(HowToCall)})

    @property
    def new_rules(self) -> Rules:
        """What holds once a valid form is sent."""
        given = {part.name: self.cleaned_data[part.name] for part in fields(HowToCall)}
        if phone := given.pop("phone"):
            given |= {"ending": ending(phone), "extension": extension(phone), "zones": self.number_zones}
        return replace(self.rules, **given)
