"""The demo home page, facility, phone lines and crisis lines."""

CHECKED_ON = "2026-11-23"

HOME = {
    "title": "Desert Willow Recovery Center",
    "heading": "You can ask for help without deciding anything today",
    "summary": (
        "We treat people who use alcohol, opioids or other drugs. You can call, or ask us to call you. You choose how "
        "and when we do."
    ),
    "body": [
        {
            "type": "section",
            "value": {
                "heading": "What happens when you call",
                "anchor": "what-happens-when-you-call",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<ol>"
                                "<li>A person says hello and asks what to call you. Any name will do.</li>"
                                "<li>We ask if you are safe, and if it is a good time to talk.</li>"
                                "<li>You say as much or as little as you like.</li>"
                                "<li>We tell you what we can do, and what we cannot.</li>"
                                "</ol>"
                                "<p>If you ask us to call you, we keep to your rules. We leave no message and send no "
                                "text unless you say yes. If someone else picks up, we hang up, unless you tell us to "
                                "ask for you.</p>"
                            ),
                        },
                    },
                    {
                        "type": "call_to_action",
                        "value": {
                            "heading": "Talk to someone",
                            "sentence": "Call us, or tell us a safe time and we will call you.",
                            "phone_line": "admissions",
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "What we treat, and how",
                "anchor": "what-we-treat",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>We help people who use opioids, alcohol, benzodiazepines or stimulants. Many "
                                "people use more than one.</p>"
                                "<p>Care can include:</p>"
                                "<ul>"
                                "<li>medical detox, with nurses and doctors</li>"
                                "<li>medicine for opioid or alcohol use disorder, for as long as it helps</li>"
                                "<li>counseling, alone and in groups</li>"
                                "<li>a plan for home, work and the months after</li>"
                                "</ul>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>For opioids, we talk about medicine first. It helps people stop or use less, and "
                                "it lowers the risk of dying from an overdose. You can read "
                                '<a href="/learn/stopping-heroin-or-fentanyl-safely/">how to stop using heroin or '
                                "fentanyl safely</a>.[nida_moud, cdc_treatment_2022]</p>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "Where to start",
                "anchor": "where-to-start",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<ul>"
                                '<li><a href="/medicines/">The medicines, and what each one does</a></li>'
                                '<li><a href="/detox-here/">What happens in detox here</a></li>'
                                '<li><a href="/learn/helping-someone/">Helping someone you care about</a></li>'
                                '<li><a href="/when-you-ask-us-to-call/">What happens when you ask us to call</a></li>'
                                '<li><a href="/how-we-write-and-check/">How we write and check our pages</a></li>'
                                "</ul>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "Who we are",
                "anchor": "who-we-are",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Desert Willow is one center in Las Vegas. It belongs to no chain, sells no calls, "
                                "and pays no one to send people here. Our own staff answer the phone.</p>"
                                '<p>Our <a href="/facilities/desert-willow/">center page</a> says what we offer, '
                                "who licensed us, and what we can prove.</p>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "Paying for treatment",
                "anchor": "paying",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Tell us who insures you, and we will ask the plan what it pays. You get the answer "
                                "in writing: what is covered, what is not, and what we do not know yet.</p>"
                                "<p>A plan's answer is not a promise to pay. We tell you before a cost starts.</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Marketplace plans must cover treatment for substance use disorder. They cannot "
                                "turn you away because you have one.[healthcare_gov]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>No insurance? The SAMHSA helpline, 1-800-662-4357, can send you to your state's "
                                "office for treatment.[samhsa_helpline]</p>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "For family and friends",
                "anchor": "for-family",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>You did not cause this, and you cannot fix it alone. You can still do a lot:</p>"
                                "<ul>"
                                "<li>Keep naloxone at home, and learn how to use it.</li>"
                                "<li>Say what you see, and that you care. Listen more than you talk.</li>"
                                "<li>Call us for yourself. You do not have to tell us who the person is.</li>"
                                "</ul>"
                                "<p>We cannot tell you whether someone is with us, unless they agree in writing or the "
                                "law allows it.[ecfr_part_2]</p>"
                            ),
                        },
                    },
                ],
            },
        },
    ],
}

TOPICS = {  # their names, by the end of their address
    "opioids": "Opioids",
    "alcohol": "Alcohol",
    "withdrawal": "Withdrawal",
    "overdose": "Overdose",
    "families": "For families",
}

FACILITY = {
    "name": "Desert Willow Recovery Center",
    "slug": "desert-willow",
    "street": "1200 Example Wash Road",
    "city": "Las Vegas",
    "state": "NV",
    "postal_code": "89100",
    "time_zone": "America/Los_Angeles",
    "licence": "Demo license DW-0000",
    "getting_here": (
        "<p>Here a center says which bus stops nearby, where to park, and which door to use at night. It also "
        "says how to get in with a wheelchair.</p>"
    ),
    "owner": ("Desert Willow Example Health, Inc. It owns one center, sells no calls and pays no one for referrals."),
    "levels": ["detox", "residential", "outpatient"],
    "medicines": ["buprenorphine", "methadone", "naltrexone"],
    "languages": ["en", "es"],
    "is_demo": True,
}

FACILITY_PAGE = {
    "title": FACILITY["name"],
    "summary": (
        "For people who use alcohol, opioids or other drugs, and for their families. You can ask about medicine, cost "
        "and the first day before you decide."
    ),
    "about": (
        "<p>Below are the five questions that you can ask any center. Each answer needs proof and a date. Where we "
        "have none, we say so.</p>"
    ),
}

PHONE_LINES = [
    {
        "key": "admissions",
        "label": "Admissions",
        "number": "+17025550142",
        "answered_by": "our own admissions staff in Las Vegas",
        "answered_by_es": "nuestro propio personal de admisión en Las Vegas",
        "time_zone": "America/Los_Angeles",
        "languages": ["en", "es"],
        "caller_id": "(702) 555-0142, with no name",
        "caller_id_es": "(702) 555-0142, sin nombre",
        "hours": {
            "mon": ["08:00", "21:00"],
            "tue": ["08:00", "21:00"],
            "wed": ["08:00", "21:00"],
            "thu": ["08:00", "21:00"],
            "fri": ["08:00", "21:00"],
            "sat": ["09:00", "18:00"],
            "sun": ["09:00", "18:00"],
        },
    },
    {
        "key": "toll_free",
        "label": "Admissions, from anywhere in the United States",
        "number": "+18885550119",
        "answered_by": "the same admissions staff in Las Vegas",
        "answered_by_es": "el mismo personal de admisión en Las Vegas",
        "time_zone": "America/Los_Angeles",
        "languages": ["en", "es"],
        "caller_id": "(702) 555-0142, with no name",
        "caller_id_es": "(702) 555-0142, sin nombre",
        "hours": {
            "mon": ["08:00", "21:00"],
            "tue": ["08:00", "21:00"],
            "wed": ["08:00", "21:00"],
            "thu": ["08:00", "21:00"],
            "fri": ["08:00", "21:00"],
            "sat": ["09:00", "18:00"],
            "sun": ["09:00", "18:00"],
        },
    },
]

# The first is real and public; the others are invented, with numbers that are reserved for fiction.
REFERRAL_PLACES = [
    {
        "name": "FindTreatment.gov, with SAMHSA's helpline",
        "kind": "finder",
        "phone": "+18006624357",
        "url": "https://findtreatment.gov/",
        "takes": "finds places for any payer and for none, at any hour, also in Spanish",
        "verified_on": CHECKED_ON,
    },
    {
        "name": "Silver Mesa Withdrawal Unit (demo)",
        "kind": "withdrawal",
        "phone": "+17025550136",
        "takes": "Medicaid, and people without insurance",
        "verified_on": CHECKED_ON,
    },
    {
        "name": "Juniper Street Methadone Clinic (demo)",
        "kind": "medication",
        "phone": "+17025550147",
        "takes": "Medicaid, Medicare, sliding scale",
        "verified_on": CHECKED_ON,
    },
]

CRISIS_LINES = [
    {
        "label": "Emergency",
        "label_es": "Emergencia",
        "number": "911",
        "url": "https://www.911.gov/",
        "when": "someone cannot be woken, is not breathing well, has a seizure, or is in danger",
        "when_es": "alguien no despierta, no respira bien, tiene una convulsión o está en peligro",
        "checked_on": CHECKED_ON,
    },
    {
        "label": "988 Suicide & Crisis Lifeline",
        "label_es": "988, Línea de Prevención del Suicidio y Crisis",
        "text_word_es": "AYUDA",
        "number": "988",
        "text_number": "988",
        "url": "https://988lifeline.org/",
        "when": "thoughts of suicide, or any crisis, also with alcohol or drugs; English and Spanish, at any hour",
        "when_es": (
            "pensamientos de suicidio o cualquier crisis, también con alcohol o drogas; para español, oprima 2; "
            "a toda hora"
        ),
        "checked_on": CHECKED_ON,
    },
    {
        "label": "SAMHSA National Helpline",
        "label_es": "Línea Nacional de Ayuda de SAMHSA",
        "number": "1-800-662-4357",
        "text_number": "435748",
        "url": "https://www.samhsa.gov/find-help/national-helpline",
        "when": "finding treatment near you; it is not a crisis line; text your ZIP code (English only)",
        "when_es": "para encontrar tratamiento cerca de usted; no es una línea de crisis; por texto, solo en inglés",
        "checked_on": CHECKED_ON,
    },
    {
        "label": "Poison Help",
        "label_es": "Ayuda en caso de intoxicación",
        "number": "1-800-222-1222",
        "url": "https://poisonhelp.hrsa.gov/",
        "when": "someone took too much of something, or the wrong thing, and is awake and breathing",
        "when_es": "alguien tomó demasiado de algo, o lo que no debía, y está despierto y respira",
        "checked_on": CHECKED_ON,
    },
]
