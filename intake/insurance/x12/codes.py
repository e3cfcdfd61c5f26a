"""What the codes of a 271 mean, in words. A code that is not listed is shown as it came: it never fails.

Sources: the code lists of 005010X279A1 as the reference names them (EB01 to EB12, AAA03, AAA04, HL03, service types).
"""

BENEFITS = {
    "1": "Active coverage", "2": "Active, full risk capitation", "3": "Active, services capitated",
    "4": "Active, services capitated to primary care physician", "5": "Active, pending investigation",
    "6": "Inactive", "7": "Inactive, pending eligibility update", "8": "Inactive, pending investigation",
    "A": "Co-insurance", "B": "Co-payment", "C": "Deductible", "CB": "Coverage basis", "D": "Benefit description",
    "E": "Exclusions", "F": "Limitations", "G": "Out of pocket (stop loss)", "H": "Unlimited", "I": "Non-covered",
    "J": "Cost containment", "K": "Reserve", "L": "Primary care provider", "M": "Pre-existing condition",
    "MC": "Managed care coordinator", "N": "Services restricted to following provider",
    "O": "Not deemed a medical necessity", "P": "Benefit disclaimer", "Q": "Second surgical opinion required",
    "R": "Other or additional payor", "S": "Prior year(s) history", "T": "Card(s) reported lost or stolen",
    "U": "Contact following entity for eligibility or benefit information", "V": "Cannot process",
    "W": "Other source of data", "X": "Health care facility", "Y": "Spend down",
}  # fmt: skip
ACTIVE, INACTIVE = {"1", "2", "3", "4", "5"}, {"6", "7", "8"}
LEVELS = {
    "CHD": "children only", "DEP": "dependents only", "ECH": "employee and children", "EMP": "employee only",
    "ESP": "employee and spouse", "FAM": "family", "IND": "individual", "SPC": "spouse and children",
    "SPO": "spouse only",
}  # fmt: skip
SERVICE_TYPES = {
    "1": "Medical care", "30": "Health benefit plan coverage", "33": "Chiropractic", "35": "Dental care",
    "47": "Hospital", "48": "Hospital, inpatient", "49": "Hospital, room and board", "50": "Hospital, outpatient",
    "86": "Emergency services", "88": "Pharmacy", "98": "Professional (physician) visit, office",
    "99": "Professional (physician) visit, inpatient", "A0": "Professional (physician) visit, outpatient",
    "A4": "Psychiatric", "A5": "Psychiatric, room and board", "A6": "Psychotherapy", "A7": "Psychiatric, inpatient",
    "A8": "Psychiatric, outpatient", "AB": "Rehabilitation, inpatient", "AC": "Rehabilitation, outpatient",
    "AI": "Substance abuse", "AJ": "Alcoholism", "AK": "Drug addiction", "AL": "Vision (optometry)",
    "BB": "Partial hospitalization (psychiatric)", "BC": "Day care (psychiatric)",
    "CE": "Mental health provider, inpatient", "CF": "Mental health provider, outpatient",
    "CG": "Mental health facility, inpatient", "CH": "Mental health facility, outpatient",
    "CI": "Substance abuse facility, inpatient", "CJ": "Substance abuse facility, outpatient", "MH": "Mental health",
    "RT": "Residential psychiatric treatment", "UC": "Urgent care",
}  # fmt: skip
INSURANCE_TYPES = {
    "C1": "Commercial", "CO": "COBRA", "EP": "EPO", "GP": "Group policy", "HM": "HMO",
    "HN": "Medicare risk HMO (Medicare Advantage)", "IN": "Indemnity", "IP": "Individual policy",
    "MA": "Medicare part A", "MB": "Medicare part B", "MC": "Medicaid", "OT": "Other", "PR": "PPO", "PS": "POS",
    "QM": "Qualified Medicare beneficiary", "WC": "Workers' compensation",
}  # fmt: skip
PERIODS = {
    "6": "hour", "7": "day", "13": "24 hours", "21": "years", "22": "service year", "23": "calendar year",
    "24": "year to date", "25": "contract", "26": "episode", "27": "visit", "28": "outlier", "29": "remaining",
    "30": "exceeded", "31": "not exceeded", "32": "lifetime", "33": "lifetime remaining", "34": "month", "35": "week",
    "36": "admission",
}  # fmt: skip
QUANTITIES = {
    "8H": "minimum", "99": "quantity used", "CA": "covered, actual", "CE": "covered, estimated",
    "D3": "co-insurance days", "DY": "days", "HS": "hours", "LA": "lifetime reserve, actual",
    "LE": "lifetime reserve, estimated", "M2": "maximum", "MN": "months", "P6": "number of services",
    "QA": "quantity approved", "S7": "age, high", "S8": "age, low", "VS": "visits", "YY": "years",
}  # fmt: skip
ANSWERS = {"Y": "yes", "N": "no", "U": "unknown"}
NETWORKS = {"Y": "in network", "N": "out of network", "U": "unknown", "W": "both"}
REJECTIONS = {
    "04": "Authorized quantity exceeded", "15": "Required application data missing", "33": "Input errors",
    "35": "Out of network", "41": "Authorization or access restrictions", "42": "Unable to respond at this time",
    "43": "Invalid or missing provider identification", "44": "Invalid or missing provider name",
    "45": "Invalid or missing provider specialty", "46": "Invalid or missing provider phone number",
    "47": "Invalid or missing provider state", "48": "Invalid or missing referring provider identification",
    "49": "Provider is not primary care physician", "50": "Provider ineligible for inquiries",
    "51": "Provider not on file", "52": "Service dates not within provider plan enrollment",
    "53": "Inquired benefit inconsistent with provider type", "54": "Inappropriate product or service id qualifier",
    "55": "Inappropriate product or service id", "56": "Inappropriate date", "57": "Invalid or missing date of service",
    "58": "Invalid or missing date of birth", "60": "Date of birth follows date of service",
    "61": "Date of death precedes date of service", "62": "Date of service not within allowable inquiry period",
    "63": "Date of service in future", "64": "Invalid or missing patient id",
    "65": "Invalid or missing patient name", "66": "Invalid or missing patient gender code",
    "67": "Patient not found", "68": "Duplicate patient id number",
    "69": "Inconsistent with patient's age", "70": "Inconsistent with patient's gender",
    "71": "Patient birth date does not match that for the patient on the database",
    "72": "Invalid or missing subscriber id", "73": "Invalid or missing subscriber name",
    "74": "Invalid or missing subscriber gender code", "75": "Subscriber not found",
    "76": "Duplicate subscriber id number", "77": "Subscriber found, patient not found",
    "78": "Subscriber not in group or plan identified", "79": "Invalid participant identification",
    "80": "No response received, transaction terminated", "97": "Invalid or missing provider address",
    "98": "Experimental service or procedure", "T4": "Payer name or identifier missing",
}  # fmt: skip
FOLLOW_UPS = {
    "C": "correct and resubmit", "N": "resubmission not allowed", "P": "resubmit the original request",
    "R": "resubmission allowed", "S": "do not resubmit, sent to a third party",
    "W": "wait 30 days and resubmit", "X": "wait 10 days and resubmit", "Y": "do not resubmit, the answer will follow",
}  # fmt: skip
DATES = {
    "096": "discharge", "193": "period start", "194": "period end", "198": "completion", "290": "coordination",
    "291": "plan", "292": "benefit", "295": "primary care provider", "304": "latest visit",
    "307": "eligibility", "318": "added", "340": "COBRA begin", "341": "COBRA end", "342": "premium paid begin",
    "343": "premium paid end", "346": "plan begin", "347": "plan end", "348": "benefit begin", "349": "benefit end",
    "356": "eligibility begin", "357": "eligibility end", "382": "enrollment", "435": "admission", "442": "death",
    "458": "certification", "472": "service", "539": "policy effective", "540": "policy expiration",
    "636": "last update", "771": "status",
}  # fmt: skip
RELATIONS = {"01": "spouse", "18": "self", "19": "child", "20": "employee", "21": "unknown", "39": "organ donor",
             "40": "cadaver donor", "53": "life partner", "G8": "other"}  # fmt: skip


def word(codes: dict[str, str], code: str) -> str:
    """What a code means, or the code itself where nobody told us."""
    return codes.get(code, code)
