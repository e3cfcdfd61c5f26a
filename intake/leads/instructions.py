"""What a consultant must know before the call, in plain words, from what the person answered."""

from typing import TYPE_CHECKING

import phonenumbers

from intake.callbacks.answers import About, IfOtherAnswers, Text, TimeOfDay, Voicemail

if TYPE_CHECKING:
    from intake.leads.models import Lead

ABOUT = {
    About.SELF: "The request is for themselves.",
    About.SOMEONE_ELSE: "The request is about someone they care about. Speak only with the person who asked.",
    About.PROFESSIONAL: "The request is about someone they work with. Speak only with the person who asked.",
}
VOICEMAIL = {
    Voicemail.NO: "Leave no voicemail.",
    Voicemail.NAME_ONLY: "Voicemail: leave only your first name and a number, nothing else.",
    Voicemail.YES: "Voicemail: you may leave a message and say where you are calling from.",
}
TEXT = {Text.NO: "Send no text message.", Text.YES: "You may send a text message."}
HANG_UP = "If someone else answers, hang up without a word."


def instructions(lead: "Lead") -> list[str]:
    """Sentences in the order in which a call needs them. What was not answered reads as the safest answer."""
    name = lead.name
    lines = [
        f"Ask for “{name}”." if name else "They gave no name: let them speak first.",
        HANG_UP,
        VOICEMAIL[Voicemail(lead.voicemail)],
        TEXT[Text(lead.text)],
        f"Good times on their clock: {_good_times(lead.times)}.",
        ABOUT[About(lead.about)],
    ]
    if name and lead.if_other_answers == IfOtherAnswers.ASK_FOR_ME:
        lines[1] = f"If someone else answers, ask for “{name}” and say nothing else."
    if lead.other_language:
        lines.insert(0, f"Speak {lead.other_language}.")
    return lines


def _good_times(times: list[str]) -> str:
    labels = [part.label.lower() for part in TimeOfDay if part in times]
    return "; ".join(labels) if labels else "any, from 8 in the morning to 9 in the evening"


def national(phone: str) -> str:
    """An E.164 number (`;ext=` included) as people in its country write it."""
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
