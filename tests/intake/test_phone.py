"""Reading phone numbers: what people type and paste, what no table knows yet, and where a number is at home."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from facilities.directory.zones import ZONES, zone_in_words
from intake.phone import (
    LONGEST,
    NotANumber,
    Phone,
    Unclear,
    beside_number,
    dialled,
    national,
    number_alone,
    read_phone,
    reading,
    zones_of,
)

PACIFIC = "America/Los_Angeles"
digit, first = st.sampled_from("0123456789"), st.sampled_from("23456789")
area_codes = st.builds("{}{}{}".format, first, st.sampled_from("02345678"), digit)
exchanges = st.builds("{}{}{}".format, first, st.sampled_from("02345678"), digit)
lines = st.builds("{}{}{}{}".format, digit, digit, digit, digit)


def no_area(digits: str) -> str:
    return str(reading.NO_SUCH_AREA).format(digits=digits)


def none_after(digits: str) -> str:
    return str(reading.NONE_AFTER_AREA).format(digits=digits)


def refusal(typed: str) -> str:
    with pytest.raises(NotANumber) as refused:
        read_phone(typed)
    return str(refused.value)


def unclear(typed: str) -> Unclear:
    with pytest.raises(Unclear) as asked:
        read_phone(typed)
    return asked.value


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("702-555-0163", "+17025550163"),
        ("1 702 555 0163", "+17025550163"),
        (" 702.555.0163 ", "+17025550163"),
        ("702.555.0163.", "+17025550163"),
        ("٧٠٢ ٥٥٥ ٠١٦٣", "+17025550163"),
        ("７０２５５５０１６３", "+17025550163"),
        ("tel:+17025550163", "+17025550163"),
        ("tel:+1-702-555-0163;ext=12", "+17025550163;ext=12"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+44 (0)20 7946 0958", "+442079460958"),
        ("(+44) 20 7946 0958", "+442079460958"),
        ("+52 55 1234 5678", "+525512345678"),
        ("+52 1 55 1234 5678", "+525512345678"),
        ("011 44 20 7946 0958", "+442079460958"),
        ("0044 20 7946 0958", "+442079460958"),
        ("\u202a+1 702 555 0163\u202c", "+17025550163"),
        ("702\u202f555\u20090163", "+17025550163"),
        ("702\u2011555\u22120163", "+17025550163"),
        ("7\ufe0f\u20e302\ufe0d555 0163", "+17025550163"),
        ("702\x00 555\x07 0163", "+17025550163"),
        ("(702) 555-0163 ext. 12", "+17025550163;ext=12"),
        ("702 555 0163 x7", "+17025550163;ext=7"),
        ("702 555 0163 extension 136", "+17025550163;ext=136"),
        ("702 555 0163 ext: 136", "+17025550163;ext=136"),
        ("702 555 0163 (ext 136)", "+17025550163;ext=136"),
        ("7025550163,,136#", "+17025550163;ext=136"),
        ("702 555 0163 extensión 136", "+17025550163;ext=136"),
        ("702 555 0163 [ext 9]", "+17025550163;ext=9"),
        ("702 555 0163 {x9}", "+17025550163;ext=9"),
        ("702 555 0163 ext nine", "+17025550163;ext=9"),
        ("702 555 0163 extensión uno dos", "+17025550163;ext=12"),
        ("702 555 0163 poste 12", "+17025550163;ext=12"),
        ("702 555 0163 anexo 12", "+17025550163;ext=12"),
        ("702 555 0163 int. 12", "+17025550163;ext=12"),
        ("702 555 0163 Ramal: 12", "+17025550163;ext=12"),
        ("702 555 0163 Durchwahl 12", "+17025550163;ext=12"),
        ("7025550163p12", "+17025550163;ext=12"),
        ("702 555 0163 *12", "+17025550163;ext=12"),
        ("702 555 0163 ext 12 (work)", "+17025550163;ext=12"),
        ("702 555 0163 [cell]", "+17025550163"),
        ("415-555-0199 (2nd line)", "+14155550199"),
        ("*82 415 555 0199", "+14155550199"),
        ("*67 4155550199", "+14155550199"),
        ("+1 (0)702 555 0163", "+17025550163"),
        ("+1 (0) 702-555-0163", "+17025550163"),
        ("+1 0702 555 0163", "+17025550163"),
        ("+39 06 1234 5678", "+390612345678"),
        ("seven oh two 555 0163", "+17025550163"),
        ("702/555/0163", "+17025550163"),
        ("(702) 555-0163 (cell)", "+17025550163"),
        ("Cell: (702) 555-0163", "+17025550163"),
        ("702-555-0163 home", "+17025550163"),
        ("(702) 555-0163#", "+17025550163"),
        ("1-800-GET-HELP", "+18004384357"),
        ("+1 800 get help", "+18004384357"),
        ("1-800-GET-HELPNOW", "+18004384357"),
        ("(800) GET-HELP", "+18004384357"),
        ("(436) 212-3456", "+14362123456"),
        ("wa.me/5215512345678", "+525512345678"),
        ("https://wa.me/17025550163", "+17025550163"),
        ("https://wa.me/17025550163?text=Hi%202", "+17025550163"),
        ("wa.me/7025550163", "+17025550163"),
        ("https://api.whatsapp.com/send?phone=17025550163", "+17025550163"),
        ("viber://chat?number=%2B17025550163", "+17025550163"),
        ("https://t.me/+17025550163", "+17025550163"),
        ("sms:+17025550163?body=hi", "+17025550163"),
        ("tel:7025550163;phone-context=+1", "+17025550163"),
        ("TEL;TYPE=CELL:+1-702-555-0163", "+17025550163"),
        ("item1.TEL;type=pref:+17025550163", "+17025550163"),
        ("+52 (044) 55 1234 5678", "+525512345678"),
        ("+52 01 55 1234 5678", "+525512345678"),
        ("9-011-52-55-1234-5678", "+525512345678"),
        ("702 555 0163 ext no. 136", "+17025550163;ext=136"),
        ("702 555 0163 ext. № 136", "+17025550163;ext=136"),
        ("702 555 0163 extension number 136", "+17025550163;ext=136"),
        ("702 555 0163 extensión núm. 136", "+17025550163;ext=136"),
        ("702 555 0163 dial 136", "+17025550163;ext=136"),
        ("702 555 0163 option 2", "+17025550163;ext=2"),
        ("702 555 0163, then press 2", "+17025550163;ext=2"),
        ("702 555 0163 and dial 136", "+17025550163;ext=136"),
        ("702 555 0163 opción 2", "+17025550163;ext=2"),
        ("702 555 0163 ext 12, Maria", "+17025550163;ext=12"),
        ("Line 2: 415 555 0199", "+14155550199"),
        ("four one five five five five zero one nine nine", "+14155550199"),
        ("cuatro uno cinco cinco cinco cinco cero uno nueve nueve", "+14155550199"),
    ],
)
def test_number_is_taken_in_any_notation(typed, kept):
    assert read_phone(typed).number == kept


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("(000) 555-0163", reading.CANNOT_BE_CALLED),
        ("702 911 0163", none_after("911")),
        ("702 555 016", reading.ONE_MISSING),
        ("+1 702 555 016", reading.ONE_MISSING),
        ("702 555 01", reading.SOME_MISSING),
        ("1 702 555 016", reading.ONE_MISSING),
        ("1 800 555 016", reading.ONE_MISSING),
        ("1702555016", reading.ONE_MISSING),
        ("1 (702) 555-01", reading.SOME_MISSING),
        ("555-0163", reading.no_area_code("5550163")),
        ("555 0163 x12", reading.no_area_code("5550163")),
        ("1 555 0163", reading.no_area_code("5550163")),
        ("702 555 01633", reading.ONE_TOO_MANY),
        ("1 702 555 01633", reading.ONE_TOO_MANY),
        ("+1 702 555 01633", reading.ONE_TOO_MANY),
        ("+1 702 555 0163 99", reading.TOO_MANY),
        ("1 000 555 0163", no_area("000")),
        ("702 555 0163 / 702 555 0128", dialled.ONE_ONLY),
        ("702 555 0163 or 702 555 0128", dialled.ONE_ONLY),
        ("702 555 0163 y 702 555 0128", dialled.ONE_ONLY),
        ("702 555 0163, 702 555 0128", dialled.ONE_ONLY),
        ("702 555 0163 & 702 555 0128", dialled.ONE_ONLY),
        ("555 0163 or 555 0128", dialled.ONE_ONLY),
        ("702 555 0163 or 0128", dialled.ONE_ONLY),
        ("home 702 555 0163 work 702 555 0128", dialled.ONE_ONLY),
        ("+44 1", reading.NO_NUMBER),
        ("702-555-0163 (don't call)", dialled.ONLY_NUMBER),
        ("702 555 0163 text only", dialled.ONLY_NUMBER),
        ("(702) 555-0163 ask for Bo", dialled.ONLY_NUMBER),
        ("702-555-0163 room 12", dialled.ONLY_NUMBER),
        ("no llame: 702 555 0163", dialled.ONLY_NUMBER),
        ("702 555 0163 no deje mensaje", dialled.ONLY_NUMBER),
        ("(415) 555-0199 [after 6]", dialled.ONLY_NUMBER),
        ("702 555 0163 x 12 after 5pm", dialled.ONLY_NUMBER),
        ("702 555 0163 after 5pm ext 12", dialled.ONLY_NUMBER),
        ("415 555 0199 after 5pm", dialled.ONLY_NUMBER),
        ("415 555 0199 after 6", dialled.ONLY_NUMBER),
        ("415 555 0199 (after 6)", dialled.ONLY_NUMBER),
        ("415 555 0199, after 17:00", dialled.ONLY_NUMBER),
        ("415 555 0199 9am-5pm", dialled.ONLY_NUMBER),
        ("415 555 0199 between 5 and 7 pm", dialled.ONLY_NUMBER),
        ("415 555 0199 M-F 9-5", dialled.ONLY_NUMBER),
        ("415 555 0199 después de las 5", dialled.ONLY_NUMBER),
        ("after 5pm: 415 555 0199", dialled.ONLY_NUMBER),
        ("after 17:00 415 555 0199", dialled.ONLY_NUMBER),
        ("702 555 0163 x 12 after 6", dialled.ONLY_NUMBER),
        ("702 555 0163 (ext. 12, after 5)", dialled.ONLY_NUMBER),
        ("702 555 016 after 5pm", dialled.LETTERS),
        ("+999 555 0163", reading.NO_NUMBER),
        ("()", reading.NO_NUMBER),
        ("📞", reading.NO_NUMBER),
        ("702-555-Q163", dialled.LETTERS),
        ("call me, please", dialled.LETTERS),
        ("+1 900 555 0123", reading.PREMIUM),
        ("900-123-4567", reading.PREMIUM),
        ("976-1234", reading.PREMIUM),
        ("702-976-1234", reading.PREMIUM),
        ("976-234-5678", reading.PREMIUM),
        ("1-976-234-5678", reading.PREMIUM),
        ("+1 976 234 5678", reading.PREMIUM),
        ("97 6234 5678", reading.PREMIUM),
        ("1 976 1234", reading.PREMIUM),
        ("+44 70 1234 5678", reading.PREMIUM),
        ("+44 843 123 4567", reading.PREMIUM),
        ("+49 700 12345678", reading.PREMIUM),
        ("+33 899 12 34 56", reading.PREMIUM),
        ("+808 1234 5678", reading.PREMIUM),
        ("+979 123 456 789", reading.PREMIUM),
        ("+44 909 879 0123", reading.PREMIUM),
        ("+34 905 123 456", reading.PREMIUM),
        ("+34 907 123 456", reading.PREMIUM),
        ("+34 803 123 456", reading.PREMIUM),
        ("+34 806 123 456", reading.PREMIUM),
        ("+34 807 123 456", reading.PREMIUM),
        ("415-555-0199, 0200", dialled.ONE_ONLY),
        ("415-555-0199; 0200", dialled.ONE_ONLY),
        ("415-555-0199/0200", dialled.ONE_ONLY),
        ("415-555-0199 / 00", dialled.ONE_ONLY),
        ("1 415 555 0199 & 0200", dialled.ONE_ONLY),
        ("702 555 016 Maria", dialled.LETTERS),
        ("725 5163 Maria", dialled.LETTERS),
        ("(702) 123-4567", none_after("123")),
    ],
)
def test_number_that_cannot_be_called_is_refused_with_a_sentence(typed, problem):
    assert refusal(typed) == problem


@pytest.mark.parametrize("typed", ["555-0188", "5550188", "1 555.0188"])
def test_who_leaves_out_the_area_code_reads_their_own_digits_and_no_others(typed):
    assert re.findall(r"[\d-]*\d", refusal(typed)) == ["555-0188"]


@pytest.mark.parametrize(
    ("typed", "here", "place", "abroad"),
    [
        ("65 9255 5014", "(659) 255-5014", "Alabama", ["+6592555014"]),
        ("55 1234 5678", "(551) 234-5678", "New Jersey", ["+525512345678"]),
        ("(55) 1234-5678", "(551) 234-5678", "New Jersey", ["+525512345678"]),
        ("33 1234 5678", "(331) 234-5678", "Illinois", ["+523312345678"]),
        ("20 79 46 09 58", "(207) 946-0958", "Maine", ["+442079460958"]),
        ("20-7946-0958", "(207) 946-0958", "Maine", ["+442079460958"]),
        ("64 9 300 1234", "(649) 300-1234", "Turks and Caicos", ["+6493001234"]),
        ("1 55 1234 5678", "(551) 234-5678", "New Jersey", []),
        ("155 1234 5678", "(551) 234-5678", "New Jersey", []),
        ("702 55 50 142", "(702) 555-0142", "Nevada", []),
        ("8 00 555 01 42", "(800) 555-0142", "toll-free", []),
        ("98765 43210", "(987) 654-3210", "do not know", ["+529876543210"]),
        ("55 1234 5678 ext. 5", "(551) 234-5678 ext. 5", "New Jersey", ["+525512345678;ext=5"]),
    ],
)
def test_digits_in_groups_of_another_country_are_said_back_as_they_were_read(typed, here, place, abroad):
    question = unclear(typed)

    first, *others = question.readings
    assert (here in first.words, place in first.words, first.words in str(question)) == (True, True, True)
    assert read_phone(here) == first.phone
    assert [other.phone.number for other in others] == abroad


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("44 20 7946 0958", "+442079460958"),
        ("52 55 1234 5678", "+525512345678"),
        ("61 412 345 678", "+61412345678"),
        ("020 7946 0958", "+442079460958"),
        ("07911 123456", "+447911123456"),
        ("06 12 34 56 78", "+33612345678"),
        ("5215512345678", "+525512345678"),
        ("52 1 55 1234 5678", "+525512345678"),
        ("52 044 55 1234 5678", "+525512345678"),
        ("044 55 1234 5678", "+525512345678"),
        ("045 664 123 4567", "+526641234567"),
        ("01 664 123 4567", "+526641234567"),
        ("044 20 7946 0958", "+442079460958"),
        ("(664) 123-4567", "+526641234567"),
        ("6641234567", "+526641234567"),
        ("(81) 8123-4567", "+528181234567"),
        ("998 123 4567", "+529981234567"),
        ("20 7123 4567", "+442071234567"),
        ("9 415 555 0199", "+14155550199"),
        ("8-1-415-555-0199", "+14155550199"),
        ("91 98765 43210", "+919876543210"),
        ("91 80 2345 6789", "+918023456789"),
    ],
)
def test_digits_that_can_be_no_number_here_are_said_back_with_their_country(typed, meant):
    question = unclear(typed)

    assert [reading.phone.number for reading in question.readings] == [meant]
    assert question.readings[0].words in str(question)


@pytest.mark.parametrize("typed", ["9-1-415-555-0199", "9,1-415-555-0199", "9 1 (415) 555-0199", "914155550199"])
def test_digit_for_an_outside_line_is_no_part_of_the_number(typed):
    question = unclear(typed)

    assert [reading.phone.number for reading in question.readings] == ["+14155550199", "+914155550199"]


@pytest.mark.parametrize("typed", ["+44 7911 12345", "+49 123456", "+503 701 2345", "+44 118 118", "+61 1234 5678"])
def test_number_abroad_that_nobody_knows_there_is_asked_about(typed):
    question = unclear(typed)

    assert question.answered(re.sub(r"[^+\d]", "", typed))


@pytest.mark.parametrize("typed", ["415 555 01999", "(415) 555-01999", "415-555-019999"])
def test_slip_in_a_number_as_people_here_write_it_is_no_number_abroad(typed):
    with pytest.raises(NotANumber) as refused:
        read_phone(typed)

    assert not isinstance(refused.value, Unclear)


@pytest.mark.parametrize(("typed", "first"), [("45 33 13 12 34", "+4533131234"), ("138 1234 5678", "+13812345678")])
def test_no_place_is_made_up_for_an_area_code_that_nobody_knows(typed, first):
    question = unclear(typed)

    assert question.readings[0].phone.number == first
    assert ("North America" in str(question), "do not know" in str(question)) == (False, True)


def test_each_reading_can_be_chosen_and_nothing_else():
    question = unclear("55 1234 5678")

    assert [question.answered(reading.phone.number) for reading in question.readings] == [
        reading.phone for reading in question.readings
    ]
    assert [question.answered(other) for other in (None, "", "+17025550163")] == [None] * 3


@pytest.mark.parametrize(
    "typed",
    [
        "5512345678", "551 234 5678", "551.234.5678", "551/234/5678", "(551) 234-5678", "(551)234 5678", "551 2345678",
        "1 551 234 5678", "1-551-234-5678", "1 (551) 234-5678", "15512345678", "1551 234 5678", "5 5 1 2 3 4 5 6 7 8",
        "+1 55 1234 5678", "+15512345678", "001 551 234 5678",
    ],
)  # fmt: skip
def test_number_as_people_here_write_it_is_taken_without_a_question(typed):
    assert read_phone(typed).number == "+15512345678"


@given(area_codes, exchanges, lines)
def test_every_well_formed_number_is_taken_unless_it_charges_us(area_code, exchange, line):
    assume(len({*area_code, *exchange, *line}) > 1)  # 555-555-5555 is asked about
    typed = f"({area_code}) {exchange}-{line}"

    if area_code in ("700", "900", "976") or exchange == "976":
        assert refusal(typed) == reading.PREMIUM
    else:
        assert read_phone(typed).number == f"+1{area_code}{exchange}{line}"


@given(st.text(max_size=LONGEST))
def test_whatever_is_typed_is_taken_or_refused_with_a_sentence(typed):
    try:
        number, zones = read_phone(typed)
    except NotANumber as refused:
        assert str(refused)
        for reading in getattr(refused, "readings", []):
            assert read_phone(reading.phone.number) == reading.phone
    else:
        assert read_phone(number) == Phone(number, zones)
        assert zones_of(number) == zones
        assert number_alone(number) == number.partition(";")[0]
        assert national(number)


@pytest.mark.parametrize(
    ("number", "zones", "said"),
    [
        ("+19072001234", ["America/Anchorage", "America/Adak"], "Alaska"),
        ("+19075811234", ["America/Anchorage", "America/Adak"], "Alaska"),
        ("+19075861234", ["America/Juneau", "America/Adak"], "Alaska"),
        ("+12085550163", ["America/Boise", PACIFIC], "Mountain"),
        ("+12086640142", [PACIFIC, "America/Boise"], "Pacific"),
        ("+12195550142", ["America/Chicago", "America/New_York"], "Central"),
        ("+12705550142", ["America/Chicago", "America/New_York"], "Central"),
        ("+18505550142", ["America/Chicago", "America/New_York"], "Central"),
        ("+14235550142", ["America/New_York", "America/Chicago"], "Eastern"),
        ("+17855550142", ["America/Chicago", "America/Denver"], "Central"),
        ("+17755550142", [PACIFIC, "America/Boise"], "Pacific"),
        ("+16055550142", ["America/North_Dakota/Center", "America/Denver"], "Central"),
        ("+17872001234", ["America/Puerto_Rico"], "Puerto Rico"),
        ("+13407731234", ["America/St_Thomas"], "Virgin Islands"),
        ("+16714771234", ["Pacific/Guam"], "Guam"),
        ("+16702341234", ["Pacific/Saipan"], "Guam"),
        ("+16846331234", ["Pacific/Pago_Pago"], "Samoa"),
        ("+14165550142", ["America/Toronto"], "Eastern"),
        ("+525512345678", ["America/Mexico_City"], "Mexico City"),
        ("+447911123456", ["Europe/London"], "London"),
        ("+34612345678", ["Europe/Madrid", "Atlantic/Canary"], "Madrid"),
    ],
)
def test_sentence_names_the_usual_zone_of_a_number(number, zones, said):
    assert (zones_of(number), zone_in_words(zones[0])) == (zones, said)


@given(exchanges, lines)
def test_every_number_of_alaska_may_be_in_each_zone_of_it_and_in_no_other(exchange, line):
    zones = zones_of(f"+1907{exchange}{line}")

    assert {zone_in_words(zone) for zone in zones} == {"Alaska", "Adak"}
    assert zone_in_words(zones[0]) == "Alaska"


@pytest.mark.parametrize(
    "number", ["+18687804765", "+18763831234", "+14412951234", "+14362123456", "+15005550123", "+18005550163"]
)
def test_number_that_tells_no_place_has_no_zone(number):
    assert zones_of(number) == []


def test_each_zone_of_the_list_is_named_as_it_stands_there():
    assert [zone_in_words(zone) for zone in ZONES] == [name for name, _ in ZONES.values()]


@pytest.mark.parametrize("code", ["+870 776 123 456", "+881 612 345 678", "+883 510 001 23456", "+1 700 456 7890"])
def test_a_number_of_satellites_or_of_a_carrier_is_refused_as_one_that_charges(code):
    assert refusal(code) == str(reading.PREMIUM)


@pytest.mark.parametrize("line", ["800-662-4357", "1 800 222 1222", "211", "8 1 1", "(800) 484-3731"])
def test_the_number_of_a_service_is_none_on_which_we_can_call(line):
    assert refusal(line) == str(dialled.FOR_HELP_NOW)


def test_ten_digits_in_our_groups_lack_none():
    assert refusal("123-456-7890") == no_area("123")
    assert refusal("123456789") == str(reading.SOME_MISSING)


def test_one_digit_ten_times_is_asked_about():
    assert unclear("555-555-5555").answered("+15555555555")


def test_who_wrote_the_country_is_not_told_to_write_it():
    assert "+" not in str(unclear("+44 7700 900123")).replace("+44", "")


@pytest.mark.parametrize(
    "typed",
    ["#31#7025550163", "*31#702 555 0163", "7O2 555 Ol63", "702-555-OI63", "7,025,550,163", "7025550163.0"],
)
def test_codes_and_slips_around_a_number_are_read(typed):
    assert read_phone(typed).number == "+17025550163"


def test_letters_that_are_a_word_stay_letters():
    assert read_phone("1-800-555-LOLO").number == "+18005555656"


@pytest.mark.parametrize("typed", ["702-555-HELP", "702-five55-0163", "702-555-OIG3", "702 double 5 5 0163"])
def test_letters_that_may_be_a_slip_are_asked_about(typed):
    assert unclear(typed).readings


@pytest.mark.parametrize("typed", ["702-XXX-0163", "702-555-XXXX", "702 555 0163 ext twelve", "702 555 0163 x12 x13"])
def test_letters_that_hold_a_place_and_extensions_in_words_are_refused(typed):
    assert refusal(typed) == str(dialled.LETTERS)


@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("+626 555 0173", "+16265550173", "+6265550173"),
        ("+6592555014", "+6592555014", "+16592555014"),
        ("+671 555 0123", "+16715550123", ""),
    ],
)
def test_plus_before_an_area_code_is_asked_about(typed, first, second):
    question = unclear(typed)

    assert question.readings[0].phone.number == first
    assert not second or question.answered(second)


@pytest.mark.parametrize("typed", ["+65 9255 5014", "+44 20 7946 0958"])
def test_plus_before_a_country_as_people_there_write_it_is_not_asked_about(typed):
    assert read_phone(typed).number.startswith("+")


@pytest.mark.parametrize("typed", ["702 triple five 0163", "702-555-0163, 702-555-0163", "+17025550163 +17025550163"])
def test_number_said_or_pasted_in_another_way_is_read(typed):
    assert read_phone(typed).number == "+17025550163"


@pytest.mark.parametrize("typed", ["702-555-0163 9 to 5", "702-555-0163 9-5", "702-555-0163 24/7"])
def test_hours_after_a_number_are_answered(typed):
    assert refusal(typed) == str(dialled.ONLY_NUMBER)


@pytest.mark.parametrize("typed", ["702 555 0163 to 67", "Tel. 702-555-0163 Fax 702-555-0100"])
def test_second_number_in_a_range_or_after_a_word_is_seen(typed):
    assert refusal(typed) == str(dialled.ONE_ONLY)


@pytest.mark.parametrize("typed", ["07911123456", "0917 123 4567"])
def test_zero_in_front_is_named(typed):
    assert refusal(typed) == str(reading.ZERO_FIRST)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("702 555 0171 please he overdosed", "please he overdosed"),
        ("(not at work) 702 555 0163", "not at work"),
        ("702 555 0163 desk 12", "desk 12"),
        ("my cell is 702-555-0163", ""),
        ("TEL;TYPE=CELL:+17025550163", ""),
        ("(702) 555-0163 (cell)", ""),
        ("702 555 0163 ext. 5", ""),
        ("1-800-GET-HELP", ""),
        ("7O2 555 0163", ""),
    ],
)
def test_words_beside_a_number_are_known(typed, words):
    assert beside_number(typed) == words
