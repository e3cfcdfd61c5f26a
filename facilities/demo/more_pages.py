"""Two more demo pages: paying for treatment, and what happens when you ask us to call."""

from facilities.demo.more_articles import SIGNED
from facilities.demo.writing import call, listed, section, steps, text

INSURANCE = {
    **SIGNED,
    "title": "Paying for treatment",
    "title_es": "Cómo pagar el tratamiento (en inglés)",
    "slug": "paying",
    "summary": (
        "Most plans must help to pay. Tell us who insures you, and we ask the plan. You get the answer in writing "
        "before a cost starts."
    ),
    "search_description": "What insurance must cover, how we find out what your plan pays, and what to do without one.",
    "body": [
        section(
            "What plans must cover",
            "must-cover",
            text(
                "Marketplace plans must cover treatment for substance use disorder. They cannot turn you away, or ask "
                "for more money, because you have one.[healthcare_gov]",
                "They cannot put a yearly or lifetime limit in dollars on it. Limits on this care can generally not be "
                "stricter than limits on other care.[healthcare_gov]",
            ),
        ),
        section(
            "What happens when you call",
            "when-you-call",
            steps(
                "We ask who insures you, and for the number on the card. You can also send a photo of it.",
                "We ask the plan what it pays, and whether it must agree first.",
                "We tell you in writing: what is covered, what is not, and what we do not know yet.",
                "You decide. Asking costs you nothing, and you owe us nothing for it.",
            ),
            text("A plan's answer is not a promise to pay. We tell you before a cost starts."),
            call("Ask what your plan pays", "Have your card at hand if you can. It also works without."),
        ),
        section(
            "If you have no insurance",
            "no-insurance",
            text(
                "Call the SAMHSA helpline, 1-800-662-4357. It can send you to your state's office for treatment, also "
                "if you have no plan.[samhsa_helpline]",
                "Tell us when you call. We will say what care costs here, and where it may cost less.",
            ),
        ),
        section(
            "If your plan says no",
            "if-your-plan-says-no",
            listed(
                "You can ask the plan:",
                "why, in writing",
                "how to appeal, and by when",
                "for a doctor at the plan to talk with ours",
                after="We can help you with the papers.",
            ),
        ),
    ],
}

ASK_US_TO_CALL = {
    "title": "What happens when you ask us to call",
    "title_es": "Qué pasa cuando pide una llamada (en inglés)",
    "slug": "when-you-ask-us-to-call",
    "summary": (
        "You choose when we call and what we may say. We leave no message and send no text unless you say yes. You can "
        "change or stop it at any time."
    ),
    "search_description": "Who calls, what your phone shows, what we ask, and how to change or cancel a call.",
    "body": [
        section(
            "Who calls, and what your phone shows",
            "who-calls",
            text(
                "A person of our staff calls. The form says what your phone will show when we do.",
                "If someone else picks up, we hang up, unless you tell us to ask for you. Then we say only the name "
                "that you gave us.",
            ),
        ),
        section(
            "What we ask, and what we do not",
            "what-we-ask",
            listed(
                "When we reach you, we ask:",
                "whether it is a good time to talk",
                "whether you are safe",
                "what you want help with",
                after="You say as much or as little as you like. We do not need your real name.",
            ),
        ),
        section(
            "Messages and texts",
            "no-message-unasked",
            text(
                "We leave no message and send no text unless you said yes on the form.",
                "If you said yes, a message says only what you chose. It never says why we call.",
            ),
        ),
        section(
            "How to change it or stop it",
            "change-or-stop",
            text("After you send the form, you see a page with a link that is yours alone. Keep it."),
            listed(
                "On that page you can:",
                "change the time",
                "add your insurance",
                "stop all calls",
                "ask us to erase what you sent",
            ),
        ),
        section(
            "What we keep",
            "what-we-keep",
            text(
                "What you type is locked before it is stored. The part of the site that you see cannot read it back; "
                "only our staff at the desk can. Federal rules limit whom we may tell.[ecfr_part_2]"
            ),
            call("Ask for a call", "Or call us now, and ask first."),
        ),
    ],
}
