"""Payers: found by every name that they have, known to each network by its number, and taken in from a table."""

from datetime import date
from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.directory.import_payers import COLUMNS, YES_NO
from facilities.directory.payers import TAKEN, Payer, PayerAlias, PayerIdentifier
from facilities.management.commands.import_payers import OURS
from intake.insurance.models import Coverage
from tests.factories import make_coverage, make_lead, make_payer, make_user, page_of, sign_in

pytestmark = pytest.mark.django_db

HEADING = "name,aliases,provider_phone,is_enrolment_needed,network,purpose,value,valid_from,valid_to"


def make_alias(name: str, **fields) -> PayerAlias:
    return PayerAlias.objects.create(name=name, payer=fields.get("payer") or make_payer())


def table(tmp_path, *rows: str, heading: str = HEADING, encoding: str = "utf-8"):
    file = tmp_path / "payers.csv"
    file.write_bytes("\r\n".join([heading, *rows]).encode(encoding))
    return file


def take_in(file=None, **options) -> str:
    said = StringIO()
    call_command("import_payers", *([str(file)] if file else []), stdout=said, stderr=said, **options)
    return said.getvalue()


def refused(file, **options) -> str:
    said = StringIO()
    with pytest.raises(CommandError) as error:
        call_command("import_payers", str(file), stdout=StringIO(), stderr=said, **options)
    return f"{said.getvalue()}{error.value}"


# --- Names ----------------------------------------------------------------------------------------------------------


def test_payer_is_found_by_name_and_by_alias_however_it_is_capitalised():
    alias = make_alias("Zebulon Mutual")

    found = [Payer.objects.named(words) for words in ("zebulon  MUTUAL", alias.payer.name.upper(), "Zebulon")]

    assert found == [alias.payer, alias.payer, None]


def test_a_name_leads_to_one_payer():
    alias = make_alias("Zebulon Mutual")
    other = make_payer(name="Sagebrush")

    wrong = [Payer(name="zebulon mutual"), PayerAlias(name="SAGEBRUSH", payer=alias.payer)]
    for each in [*wrong, PayerAlias(name="ZEBULON mutual", payer=other)]:
        with pytest.raises(ValidationError, match=TAKEN):
            each.full_clean()
    with pytest.raises(IntegrityError, match="payeralias_of_one_payer"), transaction.atomic():
        make_alias("zebulon mutual", payer=other)


def test_coverage_form_offers_a_payer_under_each_of_its_names(client, insurance_is_shown):
    alias, lead = make_alias("Zebulon Mutual"), make_lead()
    sign_in(client, make_user())

    text = client.get(f"{page_of(lead)}insurance/add/").text

    assert text.count(f'<option value="{alias.payer.pk}"') == 2
    assert f">Zebulon Mutual ({alias.payer})</option>" in text


def test_written_alias_is_that_payer_at_the_desk(client, insurance_is_shown):
    alias, lead = make_alias("Zebulon Mutual"), make_lead()
    sign_in(client, make_user())
    fields = {"rank": "1", "payer": "", "plan_type": "ppo", "subscriber_relation": "self"}

    client.post(f"{page_of(lead)}insurance/add/", fields | {"payer_as_written": "zebulon mutual"})

    assert Coverage.objects.get().payer == alias.payer


def test_names_to_choose_from_take_as_many_queries_for_three_as_for_one():
    make_alias("One")
    with CaptureQueriesContext(connection) as for_one:
        Payer.objects.by_every_name()
    for name in ("Two", "Three"):
        make_alias(name)

    with CaptureQueriesContext(connection) as for_three:
        names = Payer.objects.by_every_name()

    assert (len(for_one), len(names)) == (len(for_three), 6)
    assert [name for _, name in names] == sorted((name for _, name in names), key=str.casefold)


# --- Identifiers ----------------------------------------------------------------------------------------------------


def test_identifiers_differ_by_network_and_purpose_and_keep_their_zeros():
    payer = make_payer()
    for network, purpose, value in (("A", "eligibility", "00540"), ("A", "claims", "540"), ("B", "claims", "540")):
        PayerIdentifier.objects.create(payer=payer, network=network, purpose=purpose, value=value)

    assert [str(each) for each in payer.identifiers.all()] == [
        "540 (A, claims)",
        "00540 (A, eligibility)",
        "540 (B, claims)",
    ]


def test_identifier_stands_once_and_ends_after_it_begins():
    fields = {"payer": make_payer(), "network": "A", "purpose": "claims", "value": "1"}
    PayerIdentifier.objects.create(**fields)

    for changes, rule in (({}, "stands_once"), ({"value": "2", "valid_to": date(2025, 1, 1)}, "ends_after")):
        with pytest.raises(IntegrityError, match=rule), transaction.atomic():
            PayerIdentifier.objects.create(**fields | changes, valid_from=date(2025, 1, 2))


# --- The editor -----------------------------------------------------------------------------------------------------


def inline(prefix: str, *rows: dict) -> dict:
    counts = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    fields = {f"{prefix}-{number}-{name}": value for number, row in enumerate(rows) for name, value in row.items()}
    return counts | fields | {f"{prefix}-{number}-ORDER": number + 1 for number in range(len(rows))}


def test_manager_keeps_names_numbers_and_identifiers_in_the_editor(client):
    sign_in(client, make_user("manager"))
    payer = make_payer(name="Zebulon Mutual")
    url = reverse(Payer.snippet_viewset.get_url_name("edit"), args=[payer.pk])
    identifier = {"network": "Stedi", "purpose": "eligibility", "value": "00540"}

    page = client.get(url)
    client.post(
        url,
        {"name": "Zebulon", "behavioural_phone": "(702) 555-0133", "id_form": "blue", "is_coinsurance_of_plan": "on"}
        | inline("aliases", {"name": "Zeb"})
        | inline("identifiers", identifier),
    )

    payer = Payer.objects.get(pk=payer.pk)
    assert (page.status_code, payer.name, str(payer.behavioural_phone.as_e164)) == (200, "Zebulon", "+17025550133")
    assert (payer.id_form, payer.is_coinsurance_of_plan, payer.other_names()) == ("blue", True, "Zeb")
    assert [str(each) for each in payer.identifiers.all()] == ["00540 (Stedi, eligibility)"]


def test_payer_in_use_is_not_deleted_and_an_unused_one_goes_with_its_names():
    used, unused = make_coverage().payer, make_alias("Zebulon Mutual").payer

    with pytest.raises(ProtectedError):
        used.delete()
    unused.delete()

    assert list(Payer.objects.all()) == [used]
    assert not PayerAlias.objects.exists()


# --- What the desk makes of it --------------------------------------------------------------------------------------


def test_form_of_ids_is_the_payers_whatever_its_name_is():
    blue = make_coverage(payer=make_payer(name="Highmark", id_form="blue"), member_id="900000017")
    medicare = make_coverage(payer=make_payer(id_form="medicare"), member_id="900000017")
    other = make_coverage(member_id="900000017")

    assert [bool(each.hints) for each in (blue, medicare, other)] == [True, True, False]


def test_who_enters_an_answer_sees_the_numbers_and_how_the_payer_gives_its_share(client, insurance_is_shown):
    payer = make_payer(
        behavioural_phone="+17025550133", precertification_phone="+17025550134", is_coinsurance_of_plan=True
    )
    coverages = [make_coverage(payer=payer), make_coverage()]
    sign_in(client, make_user())

    texts = [client.get(f"{page_of(each.lead)}insurance/{each.pk}/verify/").text for each in coverages]

    for said in ("555-0133", "555-0134", "gives co-insurance as the plan"):
        assert [said in text for text in texts] == [True, False]


# --- The table ------------------------------------------------------------------------------------------------------


def test_table_is_only_tried_until_it_is_to_be_written(tmp_path):
    file = table(tmp_path, "Zebulon,Zeb; Zebulon Mutual,(702) 555-0133,yes,Stedi,eligibility,00540,2025-01-01,")

    tried = (take_in(file), Payer.objects.count())
    take_in(file, write=True)

    payer = Payer.objects.get()
    assert (tried[1], "--write" in tried[0]) == (0, True)
    assert (payer.name, payer.provider_phone.as_e164, payer.is_enrolment_needed) == ("Zebulon", "+17025550133", True)
    assert payer.other_names() == "Zeb, Zebulon Mutual"
    identifier = payer.identifiers.get()
    assert (str(identifier), identifier.valid_from) == ("00540 (Stedi, eligibility)", date(2025, 1, 1))


def test_table_that_is_taken_in_again_adds_nothing_and_empty_cells_clear_nothing(tmp_path):
    full = "Zebulon,Zeb,(702) 555-0133,yes,Stedi,eligibility,00540,2025-01-01,"
    take_in(table(tmp_path, full), write=True)

    again = (full, "ZEBULON,,,,,,,,", "Zebulon,,,,Stedi,eligibility,00540,,2026-01-01")
    said = take_in(table(tmp_path, *again), write=True)

    payer = Payer.objects.get()
    identifier = payer.identifiers.get()
    assert (payer.name, payer.provider_phone.as_e164, payer.is_enrolment_needed) == ("Zebulon", "+17025550133", True)
    assert (identifier.valid_from, identifier.valid_to) == (date(2025, 1, 1), date(2026, 1, 1))
    assert "New: nothing" in said


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (",,,,,,,,", "name"),
        ("Zebulon,,12,,,,,,", "provider_phone"),
        ("Zebulon,,,maybe,,,,,", "is_enrolment_needed"),
        ("Zebulon,,,,Stedi,both,1,,", "purpose"),
        ("Zebulon,,,,Stedi,claims,,,", "value"),
        ("Zebulon,,,,Stedi,claims,1,02/30,", "valid_from"),
        ("Zebulon,Sagebrush,,,,,,,", "aliases"),
        ("Zebulon,,,,,,", ""),
        ("Zebulon,,,,,,,,,,", ""),
    ],
)
def test_what_is_wrong_is_said_by_row_and_nothing_is_written(tmp_path, row, column):
    said = refused(table(tmp_path, "Sagebrush,,,,,,,,", row), write=True)

    assert f"Row 3{f', {column}' if column else ''}: " in said
    assert "Row 2" not in said
    assert not Payer.objects.exists()


def test_flag_that_is_neither_yes_nor_no_is_told_so(tmp_path):
    assert YES_NO in refused(table(tmp_path, "Zebulon,,,maybe,,,,,"))


@pytest.mark.parametrize(
    ("heading", "encoding"), [("name,colour", "utf-8"), ("aliases", "utf-8"), ("", "utf-8"), ("name,ñ", "latin-1")]
)
def test_what_is_no_table_of_payers_is_refused_in_words(tmp_path, heading, encoding):
    said = refused(table(tmp_path, "Zebulon,x", heading=heading, encoding=encoding))

    assert "Traceback" not in said and "payers.csv" in said


def test_missing_file_is_refused_in_words(tmp_path):
    assert "cannot be read" in refused(tmp_path / "none.csv")


def test_table_of_a_spreadsheet_with_a_mark_at_its_start_is_read(tmp_path):
    take_in(table(tmp_path, "Zebulon,,,,,,,,", encoding="utf-8-sig"), write=True)

    assert Payer.objects.get().name == "Zebulon"


def test_our_own_table_is_right_and_claims_no_number_without_evidence():
    take_in(write=True)

    heading = OURS.read_text().splitlines()[0]
    assert set(heading.split(",")) <= set(COLUMNS)
    assert PayerIdentifier.objects.count() > 0
    assert not PayerIdentifier.objects.filter(evidence="").exists()
    assert not Payer.objects.exclude(provider_phone="", member_phone="").exists()
    assert Payer.objects.get(name="Anthem Blue Cross of California").identifiers.get().value == "040"


def test_first_start_fills_an_empty_directory_and_no_other_one():
    make_payer(name="Zebulon")

    take_in(first=True, write=True)

    assert [payer.name for payer in Payer.objects.all()] == ["Zebulon"]


def test_manager_keeps_payers_with_the_rights_of_the_cms(client, become):
    sign_in(client, make_user("manager"))
    payer = make_payer(name="Zebulon Mutual")
    url = reverse(Payer.snippet_viewset.get_url_name("edit"), args=[payer.pk])
    become("cms")

    client.post(url, {"name": "Zebulon"} | inline("aliases", {"name": "Zeb"}) | inline("identifiers"))

    assert Payer.objects.get(pk=payer.pk).other_names() == "Zeb"
