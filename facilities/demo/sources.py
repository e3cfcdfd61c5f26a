"""The public sources that the demo pages cite, under the key the pages use.

`note` says what a source was cited for and how it was checked. "Stored copy" means that the text was read in an archive
of that address, not on the live site. `year` is None where the copy shows no date.
"""

ACCESSED_ON = "2026-11-23"

SOURCES = {
    "cdc_overdose_signs": {
        "publisher": "Centers for Disease Control and Prevention (CDC)",
        "title": "A Shared Approach to Preventing Opioid Overdoses",
        "year": 2021,
        "url": "https://blogs.cdc.gov/publichealthmatters/2021/06/opioid-overdose/",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Signs of an overdose and the five things to do. Read in a stored copy of this address.",
    },
    "cdc_fentanyl": {
        "publisher": "Centers for Disease Control and Prevention (CDC)",
        "title": "Fentanyl",
        "year": None,
        "url": "https://www.cdc.gov/overdose-prevention/about/fentanyl.html",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Fentanyl is mixed into other drugs and made into pills; people may not know; small amounts can kill. "
        "Read in a stored copy of this address.",
    },
    "cdc_treating_oud": {
        "publisher": "Centers for Disease Control and Prevention (CDC)",
        "title": "Opioid Use Disorder: Preventing and Treating",
        "year": None,
        "url": "https://www.cdc.gov/opioids/healthcare-professionals/prescribing/opioid-use-disorder.html",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Detox without medicine is not recommended: more return to use, overdose and death. Read in a stored "
        "copy of this address.",
    },
    "cdc_treatment_2022": {
        "kind": "report",
        "publisher": "Centers for Disease Control and Prevention (CDC)",
        "title": "Treatment for Opioid Use Disorder: Population Estimates, United States, 2022. MMWR 73(25)",
        "year": 2024,
        "url": "https://www.cdc.gov/mmwr/volumes/73/wr/mm7325a1.htm",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Of adults who needed treatment in 2022, 25.1% got medicines; buprenorphine and methadone lower "
        "deaths. Read in stored copies of this address and of PubMed Central (PMC11254342).",
    },
    "nida_moud": {
        "publisher": "National Institute on Drug Abuse (NIDA)",
        "title": "Medications for Opioid Use Disorder",
        "year": None,
        "url": "https://nida.nih.gov/publications/research-reports/medications-to-treat-opioid-addiction/"
        "efficacy-medications-opioid-use-disorder",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Three medicines help people stop or use less; lofexidine eases withdrawal; medicines are safe in "
        "pregnancy. Read in a stored copy of this address.",
    },
    "nida_reversal": {
        "publisher": "National Institute on Drug Abuse (NIDA)",
        "title": "Overdose Reversal Medications",
        "year": None,
        "url": "https://nida.nih.gov/research-topics/overdose-reversal-medications",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Naloxone is safe, anyone can carry and give the spray, two sprays need no prescription. "
        "Read in a stored copy of this address.",
    },
    "samhsa_waiver": {
        "publisher": "Substance Abuse and Mental Health Services Administration (SAMHSA)",
        "title": "Waiver Elimination (MAT Act)",
        "year": None,
        "url": "https://www.samhsa.gov/medications-substance-use-disorders/waiver-elimination-mat-act",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Any practitioner with a DEA registration for Schedule III may prescribe buprenorphine where state law "
        "allows. Read in a stored copy of this address.",
    },
    "dea_buprenorphine": {
        "publisher": "Drug Enforcement Administration (DEA), Diversion Control Division",
        "title": "Buprenorphine (MOUD) Q&A",
        "year": 2024,
        "url": "https://www.deadiversion.usdoj.gov/faq/buprenorphine-faq.html",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "The waiver requirement ended on December 29, 2022. Read in a stored copy of this address.",
    },
    "dea_heroin_withdrawal": {
        "publisher": "Drug Enforcement Administration (DEA), Get Smart About Drugs",
        "title": "Signs & Symptoms",
        "year": None,
        "url": "https://www.getsmartaboutdrugs.gov/westvirginia/signs-symptoms",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Heroin withdrawal: strongest at 24 to 48 hours, eases after about a week, signs for months in some. "
        "Read in a stored copy of this address.",
    },
    "medlineplus_opioid_withdrawal": {
        "publisher": "National Library of Medicine (NLM), MedlinePlus",
        "title": "Opiate and opioid withdrawal",
        "year": None,
        "url": "https://medlineplus.gov/ency/article/000949.htm",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Onset, early and late signs, what tolerance is. The text (article 000949) was read in stored copies "
        "of the licensed encyclopedia at other hosts, not at this address.",
    },
    "medlineplus_alcohol_withdrawal": {
        "publisher": "National Library of Medicine (NLM), MedlinePlus",
        "title": "Alcohol withdrawal",
        "year": None,
        "url": "https://medlineplus.gov/ency/article/000764.htm",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Severe alcohol withdrawal can bring seizures, fever and confusion. An archive of this address was "
        "found; the text was read in a stored copy at another host.",
    },
    "fda_benzodiazepines": {
        "publisher": "Food and Drug Administration (FDA), US Department of Health and Human Services",
        "title": "FDA requiring Boxed Warning updated to improve safe use of benzodiazepine drug class",
        "year": 2020,
        "url": "https://www.fda.gov/drugs/drug-safety-and-availability/"
        "fda-requiring-boxed-warning-updated-improve-safe-use-benzodiazepine-drug-class",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Stopping benzodiazepines suddenly can cause seizures that threaten life. "
        "Read in a stored copy of this address.",
    },
    "hhs_medicines": {
        "publisher": "US Department of Health and Human Services (HHS)",
        "title": "Medications to Treat Opioid Addiction",
        "year": None,
        "url": "https://www.hhs.gov/opioids/treatment/medications-to-treat-opioid-addiction/index.html",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "What each medicine does and where it is given. Read in a stored copy of this address.",
    },
    "samhsa_naltrexone": {
        "publisher": "Substance Abuse and Mental Health Services Administration (SAMHSA), Decisions in Recovery",
        "title": "Naltrexone",
        "year": None,
        "url": "https://mat-decisions-in-recovery.samhsa.gov/section/which/naltrexone.aspx",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Naltrexone starts 7 to 10 days after the last opioid, does not ease withdrawal, lowers tolerance. "
        "Read in a stored copy of this address; check that the site still answers.",
    },
    "samhsa_tip63_naltrexone": {
        "kind": "guideline",
        "publisher": "SAMHSA, at the National Library of Medicine (NCBI Bookshelf)",
        "title": "Medications for Opioid Use Disorder. TIP 63, Chapter 3C: Naltrexone",
        "year": 2021,
        "url": "https://www.ncbi.nlm.nih.gov/books/NBK574913/",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "A time without opioids is needed before naltrexone starts. Read in a stored copy of this address.",
    },
    "medlineplus_buprenorphine": {
        "publisher": "National Library of Medicine (NLM), MedlinePlus",
        "title": "Buprenorphine Sublingual and Buccal (opioid dependence)",
        "year": None,
        "url": "https://medlineplus.gov/druginfo/meds/a605002.html",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Buprenorphine prevents withdrawal when someone stops opioids. The page was found in a stored copy of "
        "this address; this sentence was read in a copy of the same text at another host.",
    },
    "samhsa_otc_naloxone": {
        "publisher": "Substance Abuse and Mental Health Services Administration (SAMHSA)",
        "title": "Non-prescription (Over-the-Counter) Naloxone Frequently Asked Questions",
        "year": None,
        "url": "https://www.samhsa.gov/medications-substance-use-disorders/medications-counseling-related-conditions/"
        "opioid-overdose-reversal-medications/over-the-counter-naloxone-faqs",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Sold in drug stores, grocery stores and online. Read in a stored copy of this address.",
    },
    "ncbi_moud_save_lives": {
        "kind": "book",
        "publisher": "National Academies, at the National Library of Medicine (NCBI Bookshelf)",
        "title": "Medications for Opioid Use Disorder Save Lives. Chapter 2",
        "year": 2019,
        "url": "https://www.ncbi.nlm.nih.gov/books/NBK541393/",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "All three medicines lower cravings; staying on medicine helps; a lack of counseling is no reason to "
        "hold it back. Read in a stored copy of this address.",
    },
    "samhsa_988": {
        "publisher": "Substance Abuse and Mental Health Services Administration (SAMHSA)",
        "title": "988 Frequently Asked Questions",
        "year": None,
        "url": "https://www.samhsa.gov/mental-health/988/faqs",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Call, text or chat, day and night, also for drug or alcohol problems and for worried relatives; "
        "English and Spanish. Read in a stored copy of SAMHSA's own server under another host name.",
    },
    "samhsa_helpline": {
        "publisher": "Substance Abuse and Mental Health Services Administration (SAMHSA)",
        "title": "National Helpline",
        "year": None,
        "url": "https://www.samhsa.gov/find-help/national-helpline",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Referral, not counseling; refers people without insurance to their state office. "
        "Read in a stored copy of this address taken through a proxy.",
    },
    "healthcare_gov": {
        "publisher": "HealthCare.gov, Centers for Medicare & Medicaid Services (HHS)",
        "title": "Mental health & substance abuse coverage",
        "year": None,
        "url": "https://www.healthcare.gov/coverage/mental-health-substance-abuse-coverage/",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Marketplace plans must cover treatment for substance use disorder and cannot turn people away for "
        "having it. The text was read in two stored copies at other hosts that name HealthCare.gov; not at this "
        "address.",
    },
    "ecfr_part_2": {
        "kind": "law",
        "publisher": "Electronic Code of Federal Regulations (eCFR)",
        "title": "42 CFR Part 2, Confidentiality of Substance Use Disorder Patient Records",
        "year": 2026,
        "url": "https://www.ecfr.gov/current/title-42/chapter-I/subchapter-A/part-2",
        "accessed_on": ACCESSED_ON,
        "checked_on": ACCESSED_ON,
        "note": "Federal limits on sharing records of treatment. Read in a stored copy of this address dated June "
        "2026.",
    },
}
