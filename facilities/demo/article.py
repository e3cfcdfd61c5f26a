"""The demo article: how to stop using heroin or fentanyl safely."""

from facilities.demo.after_heroin import BODY_RISKS, HOW_IT_STARTS, SIDE_EFFECTS, WHAT_HELPS

ARTICLE = {
    "title": "How to stop using heroin or fentanyl safely",
    "slug": "stopping-heroin-or-fentanyl-safely",
    "summary": (
        "You can stop, and you do not have to do it alone. Medicine and a clinician make it safer. Detox without "
        "medicine raises the risk of overdose, so keep naloxone close."
    ),
    "search_description": (
        "How to stop heroin or fentanyl with medicine and support: what withdrawal feels like, the three medicines, "
        "and how to stay safe after a break."
    ),
    "reviewed_by": "Demo reviewer: Dr. Imani Castellanos, MD (fictional)",
    "last_reviewed_on": "2026-11-02",
    "next_review_on": "2027-05-02",
    "topics": ["opioids", "withdrawal"],
    "body": [
        {
            "type": "care_card",
            "value": {
                "level": "emergency",
                "heading": "Call 911 now if someone:",
                "body": (
                    "<ul>"
                    "<li>cannot be woken up</li>"
                    "<li>breathes slowly, barely or not at all</li>"
                    "<li>makes choking or gurgling sounds</li>"
                    "<li>has a limp body, or skin that is cold or has changed color</li>"
                    "<li>has a seizure</li>"
                    "</ul>"
                    "<p>Give naloxone (Narcan) if you have it. Lay the person on their side and stay with them.</p>"
                    "<p>Thinking of ending your life? Call or text 988.</p>"
                ),
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "The short answer",
                "anchor": "short-answer",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Stopping is possible. Medicine for opioid use disorder (MOUD) makes it safer. "
                                "It helps people stop or use less, and it lowers the risk of dying from an "
                                "overdose.[nida_moud, cdc_treatment_2022]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Here is what you can do today:</p>"
                                "<ul>"
                                "<li>Talk with a clinician before you stop. Ask about medicine first.</li>"
                                "<li>Keep naloxone where other people can find it.</li>"
                                "<li>Tell one person you trust what you plan to do.</li>"
                                "</ul>"
                                "<p>If you are not ready to stop, you can still ask for help to stay safer.</p>"
                            ),
                        },
                    },
                    {
                        "type": "key_fact",
                        "value": {
                            "fact": (
                                "In the United States in 2022, about 1 in 4 adults who needed treatment for opioid use "
                                "got these medicines. If nobody has offered you one, you can ask.[cdc_treatment_2022]"
                            ),
                        },
                    },
                ],
            },
        },
        HOW_IT_STARTS,
        {
            "type": "section",
            "value": {
                "heading": "Why cutting down on your own is risky",
                "anchor": "cutting-down-alone",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>To cut down, you need to know how much you take. With street drugs, you cannot "
                                "know. Fentanyl is often mixed into heroin, cocaine and meth.</p>"
                                "<p>It is also pressed into pills that look like real medicine. Fentanyl powder looks "
                                "like many other drugs. Even a small amount can kill, and many people do not know they "
                                "took it.[cdc_fentanyl]</p>"
                            ),
                        },
                    },
                    {
                        "type": "question",
                        "value": {
                            "question": "Can I taper off heroin, a little less each day?",
                            "answer": (
                                "<p>With a medicine whose dose is known, a clinician can lower it step by step. With "
                                "street heroin nobody can: each bag may be stronger than the last. A switch to a "
                                "medicine comes first.</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Detox means getting through withdrawal. Detox without medicine to follow is not "
                                "advised. It raises the risk of going back to use, of overdose and of death.</p>"
                                "<p>This is not about being strong or weak. Your body has changed, and medicine helps "
                                "it settle.[cdc_treating_oud]</p>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "What withdrawal feels like and how long it lasts",
                "anchor": "withdrawal",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Withdrawal comes and goes in a known order. With methadone it can take up to 30 "
                                "hours to start.[medlineplus_opioid_withdrawal]</p>"
                                "<p>The first signs often are:[medlineplus_opioid_withdrawal]</p>"
                                "<ul>"
                                "<li>feeling anxious or restless</li>"
                                "<li>sore muscles</li>"
                                "<li>sweating, yawning, a runny nose, wet eyes</li>"
                                "<li>no sleep</li>"
                                "</ul>"
                                "<p>Later signs can be:[medlineplus_opioid_withdrawal]</p>"
                                "<ul>"
                                "<li>belly cramps and diarrhea</li>"
                                "<li>nausea and vomiting</li>"
                                "<li>wide pupils and goose bumps</li>"
                                "</ul>"
                            ),
                        },
                    },
                    {
                        "type": "table",
                        "value": {
                            "table": {
                                "caption": "Withdrawal from heroin, after the last use",
                                "columns": [
                                    {"type": "text", "heading": "When"},
                                    {"type": "text", "heading": "What happens"},
                                ],
                                "rows": [
                                    {
                                        "values": [
                                            "<p>Within 12 hours</p>",
                                            "<p>It most often starts.[medlineplus_opioid_withdrawal]</p>",
                                        ]
                                    },
                                    {
                                        "values": [
                                            "<p>After 1 to 2 days</p>",
                                            "<p>It is strongest.[dea_heroin_withdrawal]</p>",
                                        ]
                                    },
                                    {
                                        "values": [
                                            "<p>After about a week</p>",
                                            "<p>It eases.[dea_heroin_withdrawal]</p>",
                                        ]
                                    },
                                    {
                                        "values": [
                                            "<p>For months, in some people</p>",
                                            "<p>Some signs stay.[dea_heroin_withdrawal]</p>",
                                        ]
                                    },
                                ],
                            },
                            "note": "",
                            "has_row_headings": True,
                        },
                    },
                    {
                        "type": "image",
                        "value": {
                            "image": {
                                "image": "withdrawal",
                                "decorative": False,
                                "alt_text": (
                                    "A curve over seven days: it rises steeply, is highest between the first and the "
                                    "second day, and falls back to low by the seventh."
                                ),
                            },
                            "caption": (
                                "<p>The worst is short. It eases within about a week.[dea_heroin_withdrawal]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>You do not have to just bear it. Methadone and buprenorphine ease "
                                "withdrawal.[hhs_medicines, medlineplus_buprenorphine] Lofexidine, another medicine, "
                                "can ease it too.[nida_moud]</p>"
                            ),
                        },
                    },
                    {
                        "type": "care_card",
                        "value": {
                            "level": "urgent",
                            "heading": "Talk to a clinician before you stop if:",
                            "body": (
                                "<ul>"
                                "<li>you drink alcohol on most days</li>"
                                "<li>you take benzodiazepines, such as Xanax, Valium or Klonopin</li>"
                                "<li>you are pregnant, or may be</li>"
                                "</ul>"
                                "<p>Stopping alcohol or benzodiazepines suddenly can cause seizures. Do not stop those "
                                "on your own. If a seizure, fever or confusion starts, call 911.</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<h3>Why we ask about alcohol and pills</h3>"
                                "<p>Opioid withdrawal feels awful, but by itself it rarely threatens "
                                "life.[medlineplus_opioid_withdrawal] Withdrawal from alcohol or benzodiazepines "
                                "can.[medlineplus_alcohol_withdrawal, fda_benzodiazepines] So we ask about both on "
                                "the first call.</p>"
                            ),
                        },
                    },
                ],
            },
        },
        BODY_RISKS,
        {
            "type": "section",
            "value": {
                "heading": "The three medicines",
                "anchor": "three-medicines",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Three medicines are approved in the United States for opioid use disorder. All "
                                "three lower cravings. Staying on one for longer is linked to doing "
                                "better.[ncbi_moud_save_lives]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<ul>"
                                "<li><b>Buprenorphine</b> (in Suboxone) can come from a doctor's "
                                "office.[hhs_medicines]</li>"
                                "<li><b>Methadone</b> prevents withdrawal while you take it. It comes only from "
                                "special clinics.[hhs_medicines]</li>"
                                "<li><b>Naltrexone</b> (in Vivitrol) blocks opioids. It is a daily pill or a monthly "
                                "shot.[hhs_medicines]</li>"
                                "</ul>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Naltrexone does not ease withdrawal. You can start it only 7 to 10 days after your "
                                "last opioid.[samhsa_naltrexone, samhsa_tip63_naltrexone] Ask how you would be "
                                "kept safe during that wait.</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<h3>Who can prescribe buprenorphine</h3>"
                                "<p>Any clinician with a DEA registration for Schedule III medicines can prescribe it, "
                                "where state law allows. The special waiver ended on December 29, 2022. So your own "
                                "doctor or nurse may be able to start it.[samhsa_waiver, dea_buprenorphine]</p>"
                            ),
                        },
                    },
                    {
                        "type": "key_fact",
                        "value": {
                            "fact": (
                                "If counseling has a waiting list, you can still start medicine. A lack of counseling "
                                "is not a good reason to hold it back.[ncbi_moud_save_lives]"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Are you pregnant? Buprenorphine and methadone are safe and work in pregnancy. "
                                "Tell us on the first call.[nida_moud]</p>"
                            ),
                        },
                    },
                    {
                        "type": "call_to_action",
                        "value": {
                            "heading": "Ask about medicine",
                            "sentence": (
                                "You can ask which medicine may fit you. You do not have to give your real name or "
                                "decide anything."
                            ),
                            "phone_line": "admissions",
                        },
                    },
                ],
            },
        },
        SIDE_EFFECTS,
        {
            "type": "section",
            "value": {
                "heading": "What happens in the first week",
                "anchor": "first-week",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": ("<p>This is how a first week goes at Desert Willow. Other places may differ.</p>"),
                        },
                    },
                    {
                        "type": "steps",
                        "value": {
                            "steps": [
                                (
                                    "<p><b>First hours.</b> A nurse asks what you took and when. You get a room, "
                                    "water and a meal if you can eat.</p>"
                                ),
                                (
                                    "<p><b>First day.</b> A clinician goes through the medicines with you. You "
                                    "choose together when to start.</p>"
                                ),
                                (
                                    "<p><b>Days 2 to 4.</b> Staff check on you often, also at night. Your medicine "
                                    "is changed until you feel steady.</p>"
                                ),
                                (
                                    "<p><b>Days 5 to 7.</b> You plan what comes next: who prescribes, where you "
                                    "live, who helps.</p>"
                                ),
                            ]
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>You can leave at any time. If you do, we give you naloxone and a plan. You can "
                                "come back.</p>"
                            ),
                        },
                    },
                    {
                        "type": "warning",
                        "value": {
                            "heading": "Someone else's medicine is not a safe start",
                            "body": (
                                "<p>When to start depends on what you took and when. A clinician can help you choose "
                                "the time.</p>"
                            ),
                        },
                    },
                ],
            },
        },
        {
            "type": "section",
            "value": {
                "heading": "After a break, your body cannot take the same dose",
                "anchor": "after-a-break",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>When you use opioids often, your body needs more for the same effect. This is "
                                "called tolerance.[medlineplus_opioid_withdrawal]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>After a break, tolerance drops. The amount you took before can now cause an "
                                "overdose. This is true after detox, after time on naltrexone, and after any other "
                                "break.[samhsa_naltrexone, cdc_treating_oud]</p>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Going back to use does not undo what you have done. It is a reason to call, not to "
                                "hide.</p>"
                            ),
                        },
                    },
                    {
                        "type": "image",
                        "value": {
                            "image": {
                                "image": "tolerance",
                                "decorative": False,
                                "alt_text": (
                                    "Two bars and one level line across both. The tall bar on the left ends above the "
                                    "line. The short bar on the right ends far below it."
                                ),
                            },
                            "caption": (
                                "<p>The bars are what a body can take, before and after a break. The line is the same "
                                "dose. After the break it is too much.[cdc_treating_oud]</p>"
                            ),
                        },
                    },
                    {
                        "type": "do_list",
                        "value": {
                            "lines": [
                                "<p>have naloxone in the room</p>",
                                "<p>ask someone to stay who can call 911</p>",
                                "<p>call us, or your prescriber, to start medicine again</p>",
                            ]
                        },
                    },
                    {
                        "type": "dont_list",
                        "value": {
                            "lines": [
                                "<p>use alone</p>",
                                "<p>take what you took before the break</p>",
                                "<p>mix opioids with alcohol or benzodiazepines</p>",
                            ]
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<h3>Keep naloxone close</h3>"
                                "<p>Naloxone can reverse an opioid overdose, also from fentanyl. It is safe, and "
                                "anyone can carry and give the nose spray.</p>"
                                "<p>Always call 911 as well, and stay until help comes. If you are not sure what is "
                                "wrong, treat it as an overdose.[nida_reversal, cdc_overdose_signs]</p>"
                            ),
                        },
                    },
                    {
                        "type": "key_fact",
                        "value": {
                            "fact": (
                                "In the United States, two naloxone nose sprays are sold without a prescription. "
                                "Drug stores, grocery stores and web shops may have "
                                "one.[nida_reversal, samhsa_otc_naloxone]"
                            ),
                        },
                    },
                ],
            },
        },
        WHAT_HELPS,
        {
            "type": "section",
            "value": {
                "heading": "Questions to ask us, or any treatment center",
                "anchor": "questions-to-ask",
                "content": [
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>Good centers welcome these questions:</p>"
                                "<ul>"
                                "<li>Do you offer all three medicines? How soon can I start?</li>"
                                "<li>Can I stay on my medicine for as long as it helps me?</li>"
                                "<li>What do you do about alcohol or benzodiazepines?</li>"
                                "<li>Will I get naloxone to take home?</li>"
                                "<li>What will it cost me, and who checks my insurance?</li>"
                                "<li>Who answers this phone? Do you pay for referrals?</li>"
                                "<li>What happens if I leave early or use again?</li>"
                                "</ul>"
                            ),
                        },
                    },
                    {
                        "type": "text",
                        "value": {
                            "text": (
                                "<p>You can also call or text 988 at any hour. It is for any crisis, also with drugs "
                                "or alcohol, and for people who worry about someone. The SAMHSA helpline, "
                                "1-800-662-4357, can point you to treatment near you.[samhsa_988, samhsa_helpline]</p>"
                            ),
                        },
                    },
                    {
                        "type": "call_to_action",
                        "value": {
                            "heading": "Ask about insurance and cost",
                            "sentence": (
                                "We ask your plan what it pays, and tell you in writing. Asking costs you nothing. If "
                                "another place fits you better, we say so."
                            ),
                            "phone_line": "admissions",
                        },
                    },
                ],
            },
        },
    ],
}
