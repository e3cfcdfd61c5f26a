"""What was done stays: the database itself refuses to take it back, whoever asks and by whatever statement."""

import pytest
from django.db import Error, connection, transaction

from intake.insurance.electronic import ElectronicAnswer
from intake.insurance.lines import BenefitLine
from intake.insurance.verification import VerificationOfBenefits
from intake.leads import acts
from intake.leads.activity import Activity, Note
from intake.leads.contact_point import ContactPoint
from tests.factories import make_lead, make_line, make_user, make_verification

pytestmark = pytest.mark.django_db


@pytest.fixture
def what_was_done(db) -> None:
    make_line(verification=(verification := make_verification()))
    ElectronicAnswer.objects.create(verification=verification, text="ISA", digest="d" * 64)
    acts.add_note(make_lead(), by=make_user(), note="Prefers mornings.")


def refuses(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except Error:
        return True
    return False


@pytest.mark.parametrize("model", [Activity, Note, VerificationOfBenefits, BenefitLine, ElectronicAnswer])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET id = gen_random_uuid()"])
def test_rows_are_not_taken_away(what_was_done, model, statement):
    assert model.objects.exists()

    assert refuses(statement.format(model._meta.db_table))


@pytest.mark.parametrize("model", [Activity, Note, VerificationOfBenefits, BenefitLine, ElectronicAnswer])
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "UPDATE {} SET id = gen_random_uuid()"])
def test_no_session_can_switch_the_rule_off(what_was_done, model, statement):
    names = ",".join(trigger.get_pgid(model) for trigger in model._meta.triggers)

    assert refuses(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'; {statement.format(model._meta.db_table)}")


def test_no_session_can_switch_off_what_a_stop_means(what_was_done):
    names = ",".join(trigger.get_pgid(ContactPoint) for trigger in ContactPoint._meta.triggers)

    assert refuses(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'; UPDATE intake_contactpoint SET stopped_at = now()")


@pytest.mark.parametrize("table", ["intake_lead", "intake_coverage", "auth_user"])
def test_rows_are_not_taken_away_by_emptying_what_they_hang_on(what_was_done, table):
    assert refuses(f"TRUNCATE {table} CASCADE")
