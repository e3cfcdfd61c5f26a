"""Invented requests for the demo, sent on the same way as a visitor's."""

from intake.callbacks.forms import CallbackForm
from intake.callbacks.submission import submit_request

ARTICLE = "/learn/stopping-heroin-or-fentanyl-safely/"

# Invented people; the numbers are reserved for fiction (555-0100 to 555-0199).
REQUESTS = [
    ({"phone": "(702) 555-0163", "name": "Sam", "times": ["evening"]}, ARTICLE),
    ({"phone": "(505) 555-0117", "name": "Dolores", "about": "someone_else", "time_zone": "America/Denver",
      "voicemail": "name_only", "note": "Please speak slowly, I do not hear well."}, ""),
    ({"phone": "(702) 555-0128", "name": "Luz María", "language": "es", "times": ["morning", "afternoon"],
      "if_other_answers": "ask_for_me"}, ""),
    ({"phone": "(213) 555-0190", "name": "", "times": []}, ARTICLE),
    ({"phone": "(702) 555-0175", "name": "Officer Bell", "about": "professional", "voicemail": "yes", "text": "yes"},
     "/facilities/desert-willow/"),
    ({"phone": "(702) 555-0109", "name": "Best Rates", "note": "Visit our shop", "website": "shop.example"}, ""),
]  # fmt: skip


def load_requests() -> None:
    """Raises ValueError if the form would refuse one of them."""
    for answers, source in REQUESTS:
        form = CallbackForm({**answers, "consent": "on"})
        if not form.is_valid():
            raise ValueError(f"The form refuses a demo request: {', '.join(form.errors)}.")
        submit_request(form.answers, source=source)
