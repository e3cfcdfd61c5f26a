"""More sections of the demo article: how dependence grows, what withdrawal does to a body, and what helps later."""

from facilities.demo.writing import listed, section, text

HOW_IT_STARTS = section(
    "How your body comes to need it",
    "how-dependence-starts",
    text(
        "When you take an opioid often, your body gets used to it and needs more for the same effect. If it stops, you "
        "feel ill. This is dependence, and it can happen to anyone.[medlineplus_opioid_withdrawal]",
        "It becomes a use disorder when it goes on though it harms you. That is an illness, and it can be "
        "treated.[cdc_treating_oud]",
    ),
)
BODY_RISKS = section(
    "What to watch for in withdrawal",
    "risks-of-withdrawal",
    text(
        "Throwing up and diarrhea can dry you out and upset the salts in your blood.[medlineplus_opioid_withdrawal] "
        "That is hard on the heart. If you have a heart problem, tell us first. Sip water often.",
        "Fentanyl can stay in the body for a while, so a clinician takes care with the first dose of buprenorphine.",
        "Needles can pass on HIV and hepatitis. We offer tests for both, and treatment if you need it.",
    ),
)
SIDE_EFFECTS = section(
    "Side effects, and where care happens",
    "side-effects",
    text(
        "Buprenorphine can bring headache, a sore stomach, constipation or poor sleep.[medlineplus_buprenorphine] Ask "
        "what to expect of each medicine, and tell your clinician what you feel.",
        "You may stay with us at first (inpatient), or live at home and come in for visits (outpatient). We look at "
        "what you take, your health and your home, and choose with you.",
    ),
)
WHAT_HELPS = section(
    "What helps in the weeks after",
    "what-helps-later",
    listed(
        "Small things add up:",
        "Eat a little, often. Walk each day, if only around the block.",
        "Keep to a time for bed, also after a bad night.",
        "Know your triggers: places, people, pay day, being alone. Plan what you will do instead.",
        "Try a support group. If one is not for you, try another. You can go while you take medicine.",
        "When a craving comes, call someone. It rises, and then it falls.",
    ),
    text(
        "One day you may want to come off the medicine. Plan it with your clinician, in small steps, and keep naloxone "
        "at home.[samhsa_naltrexone, cdc_treating_oud]",
        'How to pay for all this: <a href="/paying/">paying for treatment</a>.',
    ),
)
