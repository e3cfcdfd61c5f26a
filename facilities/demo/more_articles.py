"""Three more demo articles: overdose, alcohol withdrawal, and helping someone you care about."""

from facilities.demo.writing import call, do_list, dont_list, emergency, listed, section, steps, text

SIGNED = {
    "reviewed_by": "Demo reviewer: Dr. Imani Castellanos, MD (fictional)",
    "last_reviewed_on": "2026-11-02",
    "next_review_on": "2027-05-02",
}

OVERDOSE = {
    **SIGNED,
    "title": "Overdose: the signs, and what to do",
    "slug": "overdose-signs-and-what-to-do",
    "summary": (
        "Call 911, give naloxone, and stay. You do not have to be sure what is wrong. Naloxone is safe, and anyone can "
        "give it."
    ),
    "search_description": "How to tell an opioid overdose, what to do step by step, and where to get naloxone.",
    "topics": ["opioids", "overdose"],
    "body": [
        emergency(
            "Call 911 now if someone:",
            "cannot be woken up",
            "breathes slowly, barely or not at all",
            "makes choking or gurgling sounds",
            "has a limp body, or skin that is cold or has changed color",
            after="Give naloxone (Narcan) if you have it. Lay the person on their side and stay with them.",
        ),
        section(
            "How can I tell that it is an overdose?",
            "signs",
            listed(
                "Look for these signs of an opioid overdose:",
                "very small pupils, like the point of a pin",
                "the person falls asleep and you cannot wake them",
                "slow or weak breathing, or none",
                "choking or gurgling sounds",
                "a limp body",
                "skin that is cold, damp, pale, blue or gray[cdc_overdose_signs]",
            ),
            text(
                "You may not be sure. Then treat it as an overdose. Naloxone does its work on opioids, and it is safe "
                "to give.[nida_reversal]"
            ),
        ),
        section(
            "What do I do?",
            "what-to-do",
            steps(
                "Call 911. Say that someone is not waking up, or not breathing.",
                "Give naloxone. Tilt the head back, put the tip in one nostril, and press.",
                "Try to keep the person awake and breathing.",
                "Lay them on their side, so that they do not choke.",
                "Stay until help comes. Give a second dose if they do not wake after a few minutes.",
            ),
            text("These steps follow advice of the CDC. One dose may not be enough.[cdc_overdose_signs]"),
            dont_list(
                "leave the person alone, even if they wake up",
                "put them in a cold bath",
                "wait to see whether it passes",
            ),
        ),
        section(
            "Where do I get naloxone?",
            "naloxone",
            text(
                "Two nose sprays are sold without a prescription in the United States. You find them in drug stores, "
                "in some grocery stores and online.[nida_reversal, samhsa_otc_naloxone]",
                "Keep one where others can find it too. Tell the people around you where it is.",
            ),
        ),
        section(
            "Why it happens to people who did not expect it",
            "why",
            text(
                "Fentanyl is mixed into other drugs, and pressed into pills that look like medicine. Many people do "
                "not know that they took it. A small amount can kill.[cdc_fentanyl]",
                "After a break, the body cannot take what it took before. See "
                '<a href="/learn/stopping-heroin-or-fentanyl-safely/">how to stop heroin or fentanyl safely</a>.',
            ),
        ),
        section(
            "What comes after",
            "after",
            text(
                "Someone who wakes up may feel ill and afraid. Say what happened, and that help is coming.",
                "Treatment can start soon after. You can ask us what fits, or call or text 988 at any "
                "hour.[samhsa_988]",
            ),
            call("Ask what comes next", "We can tell you which care may fit, also if you ask for someone else."),
        ),
    ],
}

ALCOHOL = {
    **SIGNED,
    "title": "Alcohol withdrawal: when it is an emergency",
    "slug": "alcohol-withdrawal",
    "summary": (
        "If you drink a lot every day, do not stop all at once on your own. Withdrawal can be dangerous. Ask a "
        "clinician first, and stop with help."
    ),
    "search_description": "Signs of alcohol withdrawal, when to call 911, and what medical detox does.",
    "topics": ["alcohol", "withdrawal"],
    "body": [
        emergency(
            "Call 911 now if someone who stopped drinking:",
            "has a seizure",
            "sees, hears or feels things that are not there",
            "has a fever, or is very confused",
            after="Stay with them. Thinking of ending your life? Call or text 988.",
        ),
        section(
            "Why can stopping be dangerous?",
            "why-dangerous",
            text(
                "When you drink a lot for a long time, your body gets used to it. When the alcohol stops, your body is "
                "over-excited for a while.",
                "In its worst form, withdrawal brings fever, seizures and deep confusion. That can "
                "kill, and a hospital can treat it.[medlineplus_alcohol_withdrawal]",
            ),
        ),
        section(
            "What does it feel like, and when?",
            "signs-by-time",
            text(
                "It often starts within 8 hours after the last drink. It can also start days later. It is often worst "
                "between 24 and 72 hours, and can go on for weeks.[medlineplus_alcohol_withdrawal]"
            ),
            listed(
                "Many people have some of these:",
                "fear or bad nerves",
                "shaking hands",
                "sweating, and a fast heart",
                "headache",
                "feeling sick, or throwing up",
                "bad sleep and bad dreams[medlineplus_alcohol_withdrawal]",
            ),
        ),
        section(
            "Who needs extra care?",
            "who-needs-care",
            listed(
                "Talk to a clinician before you stop if you:",
                "drink every day, or drink in the morning to feel well",
                "had a seizure before, or saw things when you stopped",
                "also take benzodiazepines such as Xanax, Ativan or Valium",
                "are pregnant, or have an illness of the heart or liver",
                after="Stopping benzodiazepines all at once can also cause seizures.[fda_benzodiazepines]",
            ),
        ),
        section(
            "What happens in medical detox?",
            "medical-detox",
            text(
                "Nurses check your heart, your temperature and how you feel, day and night. Medicine keeps withdrawal "
                "mild. You get fluids, food and rest.[medlineplus_alcohol_withdrawal]",
                "Detox is the first step. Ask what comes after it, before you start.",
            ),
            do_list(
                "ask a clinician before you stop",
                "have someone with you who can call 911",
                "say honestly how much you drink, so that you get the right care",
            ),
            call("Ask about detox", "We can tell you what detox is like here, and what else there is."),
        ),
    ],
}

FAMILY = {
    **SIGNED,
    "title": "Helping someone you care about",
    "slug": "helping-someone",
    "summary": (
        "You did not cause this, and you cannot fix it alone. You can keep someone safer, say what you see, and get "
        "help for yourself."
    ),
    "search_description": "For families and friends: what to say, how to keep someone safer, and when to call 911.",
    "topics": ["families"],
    "body": [
        emergency(
            "Call 911 now if someone:",
            "cannot be woken up, or hardly breathes",
            "has a seizure",
            "is about to hurt themselves or somebody else",
            after="Give naloxone if it may be opioids. In any crisis, call or text 988.",
        ),
        section(
            "You did not cause it",
            "not-your-fault",
            text(
                "A substance use disorder is an illness. It is nobody's fault. Shame keeps people from asking for "
                "help, and so does blame.",
                "You can love someone and still say no to some things. Both can be true.",
            ),
        ),
        section(
            "What to say",
            "what-to-say",
            do_list(
                "choose a calm time, when nobody has used or drunk",
                "say what you see, and how it makes you feel",
                "listen more than you talk",
                "offer one next step, such as a call that you make together",
            ),
            dont_list(
                "call them names, or bring up old fights", "threaten what you will not do", "expect one talk to fix it"
            ),
            text(
                "Medicine for opioid use disorder works for many people. It is not trading one drug for another: it "
                "lowers the risk of dying.[cdc_treatment_2022, ncbi_moud_save_lives]"
            ),
        ),
        section(
            "Keep them safer today",
            "safer-today",
            text(
                "Keep naloxone at home. It can reverse an opioid overdose, and anyone can give the nose spray. Two "
                "sprays need no prescription.[nida_reversal]",
                'Learn <a href="/learn/overdose-signs-and-what-to-do/">the signs of an overdose</a>. It takes five '
                "minutes.",
            ),
        ),
        section(
            "Look after yourself",
            "look-after-yourself",
            text(
                "You matter too. Eat, sleep, and see people who are good to you.",
                "You can call or text 988 because you worry about somebody else. You do not need to be in danger "
                "yourself.[samhsa_988]",
            ),
        ),
        section(
            "How we can help",
            "how-we-can-help",
            text(
                "You can call us, or ask us to call you. You do not have to tell us who the person is.",
                "Federal law guards what people tell a treatment center. We may not even say whether someone is with "
                "us, unless they agree in writing or the law allows it.[ecfr_part_2]",
            ),
            call("Talk it over with us", "Call for yourself. Ask what you can do, and what we can do."),
        ),
    ],
}

MORE_ARTICLES = [OVERDOSE, ALCOHOL, FAMILY]
