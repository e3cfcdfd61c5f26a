"""What can be done to a lead: each act is atomic, says by whom, and writes the timeline. Nothing else sets state."""

from intake.leads.acts.apart import tell_apart
from intake.leads.acts.call import record_call, reveal
from intake.leads.acts.changes import NotAllowed
from intake.leads.acts.claim import claim, lapse, release, renew
from intake.leads.acts.close import close, reopen
from intake.leads.acts.correct import correct
from intake.leads.acts.draft import TypedElsewhere, discard_draft, forget_outdated_drafts, keep_draft, pass_draft
from intake.leads.acts.erase import erase
from intake.leads.acts.follow_up import follow_up
from intake.leads.acts.hand_over import hand_over
from intake.leads.acts.merge import merge, unmerge
from intake.leads.acts.note import add_note
from intake.leads.acts.pass_on import pass_on
from intake.leads.acts.quarantine import clear_quarantine, erase_discarded
from intake.leads.acts.stop import stop
from intake.leads.acts.undo import undo

__all__ = [
    "NotAllowed",
    "TypedElsewhere",
    "add_note",
    "claim",
    "clear_quarantine",
    "close",
    "correct",
    "discard_draft",
    "erase",
    "erase_discarded",
    "follow_up",
    "forget_outdated_drafts",
    "hand_over",
    "keep_draft",
    "lapse",
    "merge",
    "pass_draft",
    "pass_on",
    "record_call",
    "release",
    "renew",
    "reopen",
    "reveal",
    "stop",
    "tell_apart",
    "undo",
    "unmerge",
]
