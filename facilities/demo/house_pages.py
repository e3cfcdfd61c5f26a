"""Four more demo pages, of how the house works: medicines, detox, how we write, and accessibility."""

from facilities.demo.writing import call, dont_list, emergency, listed, section, steps, text

MEDICINES = {
    "title": "Medicines for opioid use disorder",
    "title_es": "Medicinas para el trastorno por opioides (en inglés)",
    "slug": "medicines",
    "summary": (
        "Three medicines can help you stop opioids or use less: buprenorphine, methadone and naltrexone. You can "
        "choose "
        "one with a clinician. You can stay on it for as long as it helps."
    ),
    "search_description": "What buprenorphine, methadone and naltrexone do, where you get each, and what to ask.",
    "body": [
        emergency(
            "Call 911 now if someone:",
            "cannot be woken up",
            "breathes slowly, barely or not at all",
            after="Give naloxone (Narcan) if you have it. Stay with them. In a crisis, call or text 988.",
        ),
        section(
            "What each one does",
            "what-each-does",
            {
                "type": "table",
                "value": {
                    "table": {
                        "caption": "The three medicines side by side",
                        "columns": [
                            {"type": "text", "heading": "Medicine"},
                            {"type": "text", "heading": "What it does"},
                            {"type": "text", "heading": "Where you get it"},
                        ],
                        "rows": [
                            {
                                "values": [
                                    "<p>Buprenorphine</p>",
                                    "<p>It eases withdrawal and cravings.[medlineplus_buprenorphine]</p>",
                                    "<p>From a doctor's office.[hhs_medicines]</p>",
                                ]
                            },
                            {
                                "values": [
                                    "<p>Methadone</p>",
                                    "<p>It stops withdrawal while you take it.[hhs_medicines]</p>",
                                    "<p>From special clinics only.[hhs_medicines]</p>",
                                ]
                            },
                            {
                                "values": [
                                    "<p>Naltrexone</p>",
                                    "<p>It blocks opioids. It does not ease withdrawal.[samhsa_naltrexone]</p>",
                                    "<p>From a clinician, as a pill or a monthly shot.[hhs_medicines]</p>",
                                ]
                            },
                        ],
                    },
                    "note": "",
                    "has_row_headings": True,
                },
            },
            text(
                "All three lower cravings. Staying on one for longer is linked to doing better.[ncbi_moud_save_lives]"
            ),
        ),
        section(
            "When you can start",
            "when-to-start",
            text(
                "You can start buprenorphine or methadone while withdrawal is still there. With naltrexone you have to "
                "wait: 7 to 10 days after your last opioid.[samhsa_naltrexone, samhsa_tip63_naltrexone]",
                "Any clinician with a DEA registration for Schedule III can prescribe buprenorphine, where state law "
                "allows.[samhsa_waiver, dea_buprenorphine]",
                "There may be a wait for counseling. You can start medicine before it.[ncbi_moud_save_lives]",
            ),
        ),
        section(
            "What to ask about side effects",
            "side-effects",
            listed(
                "Each medicine can have side effects. You can ask:",
                "what I may feel in the first days, and what will pass",
                "how it mixes with my other medicines, alcohol or sleeping pills",
                "what to do if I miss a dose",
                "what to do if I am pregnant, or may be",
                after=(
                    "Buprenorphine and methadone are safe and work in pregnancy.[nida_moud] Tell us on the first call."
                ),
            ),
        ),
        section(
            "Coming off the medicine",
            "coming-off",
            text(
                "You do not have to stop by a set day. If you want to, plan it with your clinician, who lowers the "
                "dose "
                "in small steps. After you stop, your body can take less than before. Keep naloxone "
                "close.[samhsa_naltrexone, cdc_treating_oud]",
            ),
            dont_list("stop from one day to the next", "take someone else's medicine", "use alone"),
            call("Ask about medicine", "You can ask which one may fit you. You do not have to decide anything."),
        ),
    ],
}

DETOX_HERE = {
    "title": "What happens in medical detox here",
    "title_es": "Cómo es la desintoxicación médica aquí (en inglés)",
    "slug": "detox-here",
    "summary": (
        "Nurses and a clinician look after you while your body lets go of a drug or alcohol. Medicine eases it. You "
        "can "
        "leave at any time, and you can come back."
    ),
    "search_description": "Before you come, the first hours, each day, and what comes after medical detox.",
    "body": [
        emergency(
            "Call 911 now if someone:",
            "has a seizure",
            "is confused, or sees things that are not there",
            "cannot be woken up",
            after="This can happen when a person who drinks every day stops. Do not wait for us.",
        ),
        section(
            "Before you come",
            "before-you-come",
            text(
                "If you drink on most days, or take pills such as Xanax or Valium, do not stop on your own first. It "
                "can "
                "cause seizures.[medlineplus_alcohol_withdrawal, fda_benzodiazepines]",
            ),
            listed(
                "Bring, if you can:",
                "a list of what you take, with your own medicines",
                "your insurance card",
                "clothes for three days, and a phone charger",
                after="Come even if you have none of these.",
            ),
        ),
        section(
            "The first day",
            "first-day",
            steps(
                "A nurse says hello, and asks what you took and when. It helps to tell the truth. No one scolds you.",
                "We check your heart, your blood and how much water your body has lost.",
                "We offer tests for HIV and hepatitis. You can say no.",
                "A clinician goes through the medicines with you. You choose together.",
                "You get a bed, water, and food when you can eat.",
            ),
        ),
        section(
            "The days after",
            "days-after",
            text(
                "Staff look in on you often, also at night. We change your medicine until you feel steady.",
                "Withdrawal from heroin is worst after one to two days, and eases within about a "
                "week.[dea_heroin_withdrawal] From methadone it may start later.[medlineplus_opioid_withdrawal]",
                "You keep your phone, and you choose who may know that you are here. We tell no one that you are with "
                "us unless you agree, or the law allows it.[ecfr_part_2]",
            ),
        ),
        section(
            "What comes next",
            "what-comes-next",
            text(
                "Detox alone is not advised for opioids. Without medicine after it, the risk of an overdose goes up."
                "[cdc_treating_oud] So before you leave you have a prescriber, a date to meet, and naloxone.",
                "You can leave early. Tell us, and we will make it as safe as we can. The door stays open.",
            ),
            call("Ask if there is a bed", "We tell you what we have today, and where else you can go if we have none."),
        ),
    ],
}

HOW_WE_WRITE = {
    "title": "How we write and check our pages",
    "title_es": "Cómo escribimos y revisamos (en inglés)",
    "slug": "how-we-write-and-check",
    "summary": (
        "Each article says where its facts come from. A clinician who did not write it reads it and signs. You see the "
        "date, and when it is read again."
    ),
    "search_description": "Where our facts come from, who checks them, how often, and how to tell us of a mistake.",
    "body": [
        section(
            "Where facts come from",
            "where-facts-come-from",
            text(
                "We start from public health sources, such as CDC, NIDA and SAMHSA. A small number in the text shows "
                "which source a line rests on. Press it to see the year, and the day on which we last looked.",
                "A program tries the links of our sources each night. If one is gone, staff see it the next day.",
            ),
        ),
        section(
            "Who checks",
            "who-checks",
            steps(
                "One person writes.",
                "A clinician who did not write it sees each claim next to its source, and signs or sends it back.",
                "If a word is changed later, the page says so until the clinician has read it again.",
                "Each page has a day on which it is due to be read again.",
            ),
            text(
                "Our phone number, hours and license are kept in one place. A change takes two people.",
            ),
        ),
        section(
            "The words we choose",
            "words",
            listed(
                "We try to:",
                "say the answer first, in short lines",
                "speak of people, not of labels",
                "tell you a risk only with what you can do about it",
                after="We do not promise a cure, and we do not use fear. No one pays us to be named here.",
            ),
        ),
        section(
            "If you find a mistake",
            "mistake",
            text("Call us and say which page. You do not have to give a name."),
            call("Tell us", "You can also ask where a fact comes from."),
        ),
    ],
}

ACCESSIBILITY = {
    "title": "Accessibility",
    "title_es": "Accesibilidad (en inglés)",
    "slug": "accessibility",
    "summary": (
        "We want you to be able to read this site and ask for help, with any device, by keyboard, by voice or with a "
        "screen reader. If something is in your way, call us."
    ),
    "search_description": "What works on this site, what does not yet, and how to get help another way.",
    "body": [
        section(
            "What you can do",
            "what-you-can-do",
            listed(
                "On each page you can:",
                "make the text twice as large and still read all of it",
                "use the keyboard alone",
                "read it in the dark colors that your device asks for",
                "ask for a call with scripts switched off",
                "print it, with our number and the sources",
            ),
            text("We test each kind of page for the WCAG 2.2 rules, at level AA, each time that we change the site."),
        ),
        section(
            "What does not work yet",
            "not-yet",
            listed(
                "We know of these:",
                "Our articles are in English only. The form and your receipt are in Spanish too.",
                "No page has a film in sign language.",
                "No one who uses a screen reader each day has tested the site for us yet.",
            ),
        ),
        section(
            "Another way",
            "another-way",
            text(
                "You can call us with the relay service of your choice: dial 711. On the form you can ask for an "
                "interpreter. It costs you nothing.",
            ),
            call("Tell us what is in your way", "We will help you on the phone, and mend what we can."),
        ),
    ],
}

HOUSE_PAGES = (MEDICINES, DETOX_HERE, HOW_WE_WRITE, ACCESSIBILITY)
