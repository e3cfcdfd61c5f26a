"""Phone numbers: read as people type them, kept, written, and the time zones they are at home in.

A number is kept as E.164 (ITU-T), followed by `;ext=` and the extension where there is one (as in RFC 3966). Only this
room knows phonenumbers. What other rooms use is named here.
"""

from intake.phone.dialled import FOR_HELP_NOW, LONGEST, CrisisNumber, NotANumber, beside_number, plain
from intake.phone.kept import abroad, ending, extension, national, number_alone, zones_of
from intake.phone.reading import Phone, Reading, Unclear, numbers_meant, read_phone

__all__ = [
    "FOR_HELP_NOW",
    "LONGEST",
    "CrisisNumber",
    "NotANumber",
    "Phone",
    "Reading",
    "Unclear",
    "abroad",
    "beside_number",
    "ending",
    "extension",
    "national",
    "number_alone",
    "numbers_meant",
    "plain",
    "read_phone",
    "zones_of",
]
