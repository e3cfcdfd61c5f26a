"""What a consultant must know before the call, in plain words, from what the person answered."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.formats import date_format

from facilities.directory.zones import zone_in_words
from intake.callbacks.answers import About, IfOtherAnswers, TextMessages, TimeOfDay, Voicemail
from intake.callbacks.calling_hours import suits_chosen_times

if TYPE_CHECKING:
    from intake.leads.models import Lead

# Who is in treatment is told to nobody without that person's written consent (42 CFR 2.13 and 2.31).
MAY_LISTEN = "Speak only with the person who asked. You may listen; do not confirm that anybody is or was with us."
ABOUT = {
    About.UNSAID: "They did not say whom the request is about. Ask before you speak of anybody.",
    About.SELF: "The request is for themselves.",
    About.SOMEONE_ELSE: f"The request is about someone they care about. {MAY_LISTEN}",
    About.PROFESSIONAL: f"The request is about someone they work with. {MAY_LISTEN}",
}
VOICEMAIL = {
    Voicemail.NO: "Leave no voicemail.",
    Voicemail.NAME_ONLY: "Voicemail: leave only your first name and a number, nothing else.",
    Voicemail.YES: "Voicemail: you may leave a message and say where you are calling from.",
}
TEXT = {TextMessages.NO: "Send no text message.", TextMessages.YES: "You may send a text message."}
MASKED = "••••"
HANG_UP = "If someone else answers, hang up without a word."
SAFER_HOLDS = "These are one person's: {}. Where their answers differ, the safer one holds."
IN_ANOTHER_LANGUAGE = "{} came in {}. Ask which language they want."
LAST_HOLDS = "No hour suits all that they answered, so the hours count that they said last."


def instructions(lead: "Lead", *, shows_name: bool = True) -> list[str]:
    """Sentences in the order in which a call needs them. What was not answered reads as the safest answer."""
    name, manner = lead.name if shows_name or not lead.name else MASKED, lead.manner
    lines = [
        f"Ask for “{name}”." if name else "They gave no name: let them speak first.",
        HANG_UP,
        VOICEMAIL[Voicemail(manner.voicemail)],
        TEXT[TextMessages(manner.text)],
        *_hours(lead),
        *_clocks(lead),
        ABOUT[About(lead.about)],
        *_of_others(lead),
    ]
    if name and manner.if_other_answers == IfOtherAnswers.ASK_FOR_ME:
        lines[1] = f"If someone else answers, ask for “{name}” and say nothing else."
    if lead.is_paused:
        until = lead.paused_until.astimezone(ZoneInfo(lead.clock))
        lines.insert(0, f"They asked for no call before {date_format(until, 'D H:i T')} on their clock.")
    if lead.other_language:
        lines.insert(0, f"Speak {lead.spoken_language}.")
    return lines


def _hours(lead: "Lead") -> list[str]:
    """The good times that count, each once."""
    whose = lead.whose_hours_hold(timezone.now())
    said = [f"Good times on their clock ({zone_in_words(each.clock)}): {_good_times(each.times)}." for each in whose]
    return list(dict.fromkeys(said)) + ([] if lead in whose else [LAST_HOLDS])


def _of_others(lead: "Lead") -> list[str]:
    """What the leads say that were merged into this one, beside it."""
    others = lead.merged_leads.all()
    lines = [ABOUT[About(each.about)] for each in others if each.about != lead.about]
    lines += [
        IN_ANOTHER_LANGUAGE.format(each, each.spoken_language) for each in others if each.language != lead.language
    ]
    if lead.answers_differ:
        lines.append(SAFER_HOLDS.format(", ".join(map(str, (lead, *others)))))
    return list(dict.fromkeys(lines))


def _good_times(times: list[str]) -> str:
    labels = [part.label.lower() for part in TimeOfDay if part in times]
    return "; ".join(labels) if labels else "any, from 8 in the morning to 9 in the evening"


def _clocks(lead: "Lead") -> list[str]:
    """What the consultant should know where the number's clock is not the one that was chosen."""
    elsewhere = [name for name in lead.zones_of_number if name != lead.clock]
    if not elsewhere:
        return []
    towns = ", ".join(zone_in_words(name) for name in elsewhere[:3]) + (" and elsewhere" if len(elsewhere) > 3 else "")
    today = timezone.now().astimezone(ZoneInfo(lead.clock)).date()
    lines = [f"Their number is also at home in {towns}: the safe hours are within 8 and 21 there too."]
    if not suits_chosen_times(lead.times, today, lead.time_zone, lead.zones_of_number):
        lines.append("No hour suits their good times and their number's clock. Ask first if they can speak now.")
    return lines
