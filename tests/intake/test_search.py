"""Finding a lead by what somebody says on the phone, without a readable number or name in any index or address."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from intake.callbacks import submission
from intake.callbacks.references import new_reference
from intake.leads import acts, search
from intake.leads.models import Lead
from intake.leads.queue import ON_A_PAGE
from intake.leads.search import find_leads
from intake.leads.tokens import LookupToken
from intake.phone import zones_of
from tests.factories import make_lead, make_user, receive_lead, send_request, sign_in

pytestmark = pytest.mark.django_db


def found(text: str) -> list[Lead]:
    return list(find_leads(Lead.objects.all(), text))


@pytest.fixture
def lead(db, monkeypatch) -> Lead:
    """Somebody to find, and somebody else who must not be found instead: also not by the digits of a reference."""
    given = iter(["CRANE-2871", "GULL-2652"])
    monkeypatch.setattr(submission, "new_reference", lambda: next(given, None) or new_reference())
    receive_lead(name="Ben Other", phone="(213) 555-0190")
    return receive_lead(name="José María O’Neill-Straße", phone="(702) 555-0163 ext. 5")


@pytest.mark.parametrize(
    "text",
    [
        "(702) 555-0163",
        "702-555-0163",
        "702.555.0163",
        "7025550163",
        "+1 702 555 0163",
        "1 (702) 5550163",
        "  702 555 0163 ext. 5 ",
        "tel:+1-702-555-0163",
    ],
)
def test_phone_is_found_in_any_notation(lead, text):
    assert found(text) == [lead]


def test_last_four_digits_find_the_lead(lead):
    assert found(" 0163 ") == [lead]


@pytest.mark.parametrize("text", ["5550163", "555-0163", " 555 0163 ", "555.0163"])
def test_number_without_its_area_code_finds_the_lead(lead, text):
    assert found(text) == [lead]


def test_digits_of_the_reference_alone_find_the_lead(lead):
    assert lead in found(lead.reference[-4:])


@pytest.mark.parametrize("text", ["163", "00163", "0164", "5550164", "702555016", "5"])
def test_other_digits_find_nobody(lead, text):
    assert found(text) == []


@pytest.mark.parametrize(
    "text", ["José", "jose", "JOSE\u0301", "maria", "María José", "o’neill", "neill", "STRASSE", "straße", "ＪＯＳＥ"]
)
def test_word_of_the_name_is_found_without_case_and_accents(lead, text):
    assert found(text) == [lead]


@pytest.mark.parametrize("text", ["josefina", "jose other", "jose ben", "jo"])
def test_every_word_must_fit_as_a_whole(lead, text):
    assert found(text) == []


def test_reference_is_found_however_it_is_said(lead):
    bird, digits = lead.reference.split("-")
    spellings = [f"{bird}{mark}{digits}" for mark in ("/", " / ", ".", ":", ": ", "#", " #", "|", "\\", "·", "+", " (")]

    assert [found(text) for text in spellings] == [[lead]] * len(spellings)

    spellings = [f"{bird.lower()} {digits}", f"{bird.title()}{digits}", f" {bird} - {digits} ", f"{bird}–{digits}"]

    assert [found(text) for text in [lead.reference, *spellings]] == [[lead]] * 5


@pytest.mark.parametrize(
    "label", ["ref", "reference", "Ref.", "ref #", "reference number", "lead", "número", "the number is"]
)
def test_words_around_a_reference_are_no_part_of_it(lead, label):
    bird, digits = lead.reference.split("-")
    other = receive_lead(name="Ref Lead", phone="(702) 555-0101")

    assert [found(f"{label} {said}") for said in (lead.reference, f"{bird} {digits}", digits)] == [[lead]] * 3
    assert found("ref lead") == [other]


@pytest.mark.parametrize(
    "label", ["ending", "ending in", "ends with", "last four", "last 4 digits", "the last four are", "phone ending in",
              "cell", "tel.", "termina en", "últimos cuatro"]
)  # fmt: skip
def test_words_around_the_end_of_a_number_are_no_part_of_it(lead, label):
    assert [found(f"{label} 0163"), found(f"maria {label} 0163"), found(f"{label} 0164")] == [[lead], [lead], []]


@pytest.mark.parametrize("gap", [" ", "-", " - "])
def test_digits_of_a_reference_may_stand_in_pairs(lead, gap):
    assert found(f"{lead.reference[:-2]}{gap}{lead.reference[-2:]}") == ([lead] if len(gap) == 1 else [])


@pytest.mark.parametrize("text", ["9-1-702-555-0163", "wa.me/17025550163", "702 555 0163 (her cell)"])
def test_find_reads_numbers_as_the_form_does(lead, text):
    assert found(text) == [lead]


@pytest.mark.parametrize("text", ["王明", "明王", "小王", "王小明明", "李"])
def test_what_is_no_part_of_a_name_without_spaces_finds_nobody(lead, text):
    receive_lead(name="王小明", phone="(702) 555-0101")

    assert found(text) == []


def test_two_leads_with_one_reference_are_both_found(lead):
    other = Lead.objects.exclude(pk=lead.pk).get()
    token = lead.lookup_tokens.get(kind="reference").token
    LookupToken.objects.create(lead=other, received_at=other.received_at, kind="reference", token=token)

    assert {*found(lead.reference)} == {lead, other}


@pytest.mark.parametrize("text", ["", "   ", "\x00", "%", "_", "*", "-", "' OR 1=1--", "()", "x" * 5000])
def test_nothing_is_found_for_what_says_nothing(lead, text):
    assert found(text) == []


def test_lead_without_a_name_is_found_by_no_empty_word():
    lead = receive_lead(name="")

    assert (found(""), found("0163")) == ([], [lead])


def test_newest_comes_first():
    first, second = receive_lead(name="Sam One"), receive_lead(name="Sam Two")

    assert found("sam") == [second, first]


def test_search_stays_within_the_leads_it_is_given(lead):
    assert list(find_leads(Lead.objects.none(), "jose")) == []


def test_index_and_query_hold_nothing_readable(lead):
    with CaptureQueriesContext(connection) as queries:
        found("José")
        found("(702) 555-0163")

    tokens = b"".join(bytes(row.token) for row in LookupToken.objects.all())
    texts = " ".join(query["sql"] for query in queries)
    assert [canary for canary in (b"jose", b"Jos", b"5550163") if canary in tokens] == []
    assert [canary for canary in ("jose", "José", "5550163", "555-0163") if canary in texts] == []


def test_same_value_of_two_kinds_has_two_tokens():
    receive_lead(name="0163", phone="(702) 555-0163")

    kinds = ("phone", "last_four", "name_word")
    tokens = {row.kind: bytes(row.token) for row in LookupToken.objects.filter(kind__in=kinds)}

    assert len({*tokens.values()}) == 3


def test_search_page_finds_by_post(client, lead):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": "jose"})

    assert response.status_code == 200
    assert list(response.context["found"]) == [lead]
    assert lead.reference in response.text


def test_search_page_shows_the_end_of_the_number_and_what_is_closed(client, lead):
    sign_in(client, make_user())
    acts.record_call(lead, by=make_user(), outcome="asked_to_stop")

    text = client.post(reverse("desk:search"), {"query": "jose"}).text

    assert ("•••• 63" in text, "5550163" in text) == (True, False)
    assert ('data-label="Closed"' in text, "Asked not to be contacted" in text) == (True, True)


def test_search_text_gets_into_no_address(client, lead):
    sign_in(client, make_user())

    response = client.get(reverse("desk:search"), {"query": "jose"})

    assert response.context["found"] == []
    assert lead.reference not in response.text


def test_page_that_is_asked_for_again_shows_whom_this_session_found_last(client, lead):
    sign_in(client, make_user())
    client.post(reverse("desk:search"), {"query": "jose"})

    again = client.get(reverse("desk:search"))

    assert (again.context["found"], "jose" in again.text.lower()) == ([lead], False)
    assert "jose" not in str(dict(client.session)).lower()


def test_very_many_searches_of_one_person_find_nothing_more_and_leave_a_line_in_the_log(
    client, lead, monkeypatch, caplog
):
    monkeypatch.setattr("intake.desk.queue.SEARCHES_AN_HOUR", 2)
    sign_in(client, make_user())

    found = [client.post(reverse("desk:search"), {"query": "jose"}).context["found"] for _ in range(4)]
    sign_in(client, make_user())

    assert found == [[lead], [lead], [], []]
    assert len(caplog.records) == 1
    assert "jose" not in caplog.text
    assert client.post(reverse("desk:search"), {"query": "jose"}).context["found"] == [lead]


def test_found_last_is_gone_with_the_session(client, lead):
    sign_in(client, make_user())
    client.post(reverse("desk:search"), {"query": "jose"})
    client.logout()
    sign_in(client, make_user())

    assert client.get(reverse("desk:search")).context["found"] == []


def test_empty_search_asks_for_something(client):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": " "})

    assert (response.status_code, response.context["found"]) == (200, [])
    assert "Enter a number, a name or a reference." in response.text


def test_search_that_finds_nobody_repeats_what_was_typed_as_text(client):
    sign_in(client, make_user())

    response = client.post(reverse("desk:search"), {"query": "<b>Nobody</b>"})

    assert "No lead fits “&lt;b&gt;Nobody&lt;/b&gt;”." in response.text


def test_search_opens_what_came_in_first(client):
    sign_in(client, make_user())
    send_request(name="Quux")

    response = client.post(reverse("desk:search"), {"query": "quux"})

    assert [lead.name for lead in response.context["found"]] == ["Quux"]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        ("Đặng Łukasz", ["Dang", "lukasz", "Đặng"]),
        ("Søren Ærø", ["soren", "aero", "SØREN"]),
        ("Işıl Şahin", ["isil", "sahin", "Isıl"]),
        ("ʻAnela Kaʼiulani", ["anela", "kaiulani", "ka'iulani", "Ka‘iulani"]),
        ("Groß Weiß", ["gross", "WEISS"]),
        ("Ǿrsted Ǽgir ǽ", ["orsted", "Ørsted", "aegir", "ǼGIR", "ae"]),
        ("Ɓala Ƙofar Ɗan", ["bala", "kofar", "dan", "ɓala", "Ɗan"]),
        ("Ɖzifa Ħ̣amrun Ǥǡbmil", ["dzifa", "hamrun", "gabmil", "Ħamrun"]),
        ("Ɨtȼuǿ Ɇlɵ Ŋaru", ["itcuo", "elo", "naru"]),
        ("Ŀuis Ⱥlva Ƶoe", ["luis", "alva", "zoe"]),
        ("王小明", ["王小明", "王", "小明", "王 小明", "小"]),
        ("김민수", ["김민수", "김", "민수", "김 민수"]),
        ("山田たろう", ["山田", "たろう", "山田 たろう"]),
        ("歐陽 小明", ["歐陽小明", "歐陽", "小明"]),
        ("O'Connor", ["O'Connor", "OConnor", "o connor", "O’Connor", "oʼconnor", "connor"]),
        ("OConnor", ["O'Connor", "OConnor", "o connor"]),
        ("O Connor", ["O'Connor", "OConnor", "o connor"]),
        ("Mary-Jane de la Cruz", ["maryjane", "mary jane", "delacruz", "dela cruz", "Mary‐Jane Delacruz"]),
        ("Maryjane Delacruz", ["mary-jane", "de la cruz", "mary jane de-la-cruz"]),
    ],
)
def test_name_is_found_however_it_is_spelled(lead, name, spellings):
    other = receive_lead(name=name, phone="(702) 555-0101")

    assert [found(text) for text in spellings] == [[other]] * len(spellings)


@pytest.mark.parametrize(
    ("phone", "spellings"),
    [
        ("+44 20 7946 0958", ["020 7946 0958", "20 7946 0958", "+44 20 7946 0958", "44 20 7946 0958", "0958"]),
        ("+52 55 1234 5678", ["55 1234 5678", "+52 1 55 1234 5678", "+525512345678", "1234 5678", "5215512345678"]),
        (
            "+52 664 123 4567",
            ["044 664 123 4567", "(664) 123-4567", "wa.me/526641234567", "123 4567", "01 664 1234567"],
        ),
        ("+7 916 123 4567", ["8 (916) 123-45-67", "916 123 45 67"]),
    ],
)
def test_foreign_number_is_found_as_people_there_write_it(lead, phone, spellings):
    other = receive_lead(phone=phone, time_zone="America/New_York")

    assert [found(text) for text in spellings] == [[other]] * len(spellings)


@pytest.mark.parametrize("dash", "-‐‑‒–—―−－﹣")
def test_any_dash_and_a_trailing_dot_are_read(lead, dash):
    bird, digits = lead.reference.split("-")
    spellings = [f"{bird}{dash}{digits}.", f"702{dash}555{dash}0163.", f"555{dash}0163,", "0163."]

    assert [found(text) for text in spellings] == [[lead]] * 4


@pytest.mark.parametrize("text", ["maria 0163", "0163 maria", "María, (702) 555-0163", "josé 555-0163", "neill …63"])
def test_name_and_number_mean_both(lead, text):
    receive_lead(name="Maria Other", phone="(213) 555-0190")
    receive_lead(name="Ben", phone="(505) 555-0163")

    assert found(text) == ([] if "…" in text else [lead])


def test_reference_and_name_mean_both(lead):
    assert (found(f"{lead.reference} josé"), found(f"{lead.reference}, ben")) == ([lead], [])


def test_older_leads_are_found_once_their_tokens_are_made_anew(lead):
    lead.lookup_tokens.all().delete()

    call_command("retoken")
    counts = [lead.lookup_tokens.count()]
    call_command("retoken")

    assert [found(text) for text in ("O'Neill", "(702) 555-0163", lead.reference)] == [[lead]] * 3
    assert [*counts, lead.lookup_tokens.count()] == counts * 2


def test_older_leads_get_the_zones_that_are_known_today():
    """868 is Trinidad; an older release took it for every zone of the plan, and promised the time of Adak."""
    whole_plan = ["America/Adak", "America/New_York", "America/Halifax"]
    lead = make_lead(phone="+18687804765", number_zones=whole_plan)

    call_command("retoken")

    lead.refresh_from_db()
    assert lead.number_zones == zones_of("+18687804765") != whole_plan


def test_erased_lead_gets_no_new_tokens(lead):
    acts.record_call(lead, by=make_user(), outcome="asked_to_stop")
    acts.erase(lead, by=None)
    before = lead.lookup_tokens.count()

    call_command("retoken")

    assert lead.lookup_tokens.count() == before


@pytest.mark.parametrize("text", ["maria", "maria 0163", "(702) 555-0163", "LARK-4821", "josé maría o neill"])
def test_search_reads_no_lead_that_does_not_fit(lead, text):
    with connection.cursor() as cursor, CaptureQueriesContext(connection) as queries:
        cursor.execute("SET LOCAL enable_seqscan = off")  # few rows: otherwise reading all of them is the cheapest
        list(find_leads(Lead.objects.all(), text))
        for query in [query["sql"] for query in queries if query["sql"].startswith(("SELECT", "("))]:
            cursor.execute(f"EXPLAIN {query}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, plan


def test_newest_of_very_many_that_fit_are_found_each_once(monkeypatch, lead):
    monkeypatch.setattr(search, "LIMIT", 3)
    several = [receive_lead(name="Mar Maria Marisol", phone=f"(702) 555-01{number}") for number in range(10, 15)]

    assert found("mar") == several[:-4:-1]
    assert found("mar maria") == several[:-4:-1]


def test_no_closed_lead_is_cut_from_its_tab_and_each_page_is_read_by_the_index(client):
    user = make_user()
    sign_in(client, user)
    for _ in range(ON_A_PAGE + 1):
        make_lead(closed_by=user)

    pages = [client.get(reverse("desk:queue"), {"show": "closed", "page": number}) for number in (1, 2)]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # few rows are read faster without any index
    plan = Lead.objects.recently_closed()[:ON_A_PAGE].explain()

    assert [len(page.context["rows"]) for page in pages] == [ON_A_PAGE, 1]
    assert "lead_closed" in plan


def test_many_words_are_few_joins(lead):
    with CaptureQueriesContext(connection) as queries:
        found("a " * 50)

    assert queries[0]["sql"].count("JOIN") + queries[0]["sql"].count("SELECT") < 20


@pytest.mark.parametrize("text", ["jos", "MARÍ", "onei", "neil", "str", "maria str", "jos 0163"])
def test_start_of_a_name_finds_it_from_three_letters(lead, text):
    assert found(text) == [lead]


@pytest.mark.parametrize("text", ["jo", "ose", "josea", "traße"])
def test_fewer_letters_and_others_than_the_start_find_nobody(lead, text):
    assert found(text) == []
