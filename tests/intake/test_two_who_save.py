"""Two who save at the same moment, each on a connection of their own: neither overwrites what the other has done."""

import pytest

from intake.insurance.models import Coverage
from intake.leads import acts
from intake.leads.acts.changes import Changed
from intake.leads.drafts import Draft
from tests.factories import make_coverage, make_lead, make_user
from tests.intake.at_once import at_once

pytestmark = pytest.mark.usefixtures("committed")


def test_two_tabs_that_keep_at_once_keep_one_draft():
    lead, user = make_lead(), make_user("")

    at_once(*(lambda word=word: acts.keep_draft(lead, by=user, form="work", answers={"note": [word]}) for word in "ab"))

    assert Draft.objects.get().data["note"] in ("a", "b")


def test_of_two_who_correct_one_coverage_at_once_the_second_is_told_what_the_first_did():
    coverage = make_coverage(recorded_by=make_user(""))
    copies = [Coverage.objects.get(), Coverage.objects.get()]
    for copy, plan in zip(copies, ("ppo", "hmo"), strict=True):
        copy.plan_type = plan
    users = [make_user(""), make_user("")]

    said = at_once(
        *(
            lambda copy=copy, user=user: copy.record(by=user, changed=["plan_type"], seen=0)
            for copy, user in zip(copies, users, strict=True)
        )
    )

    [refusal] = [each for each in said if each is not None]
    winner = said.index(None)
    assert isinstance(refusal, Changed)
    assert [row.by_id for row in refusal.changed] == [users[winner].pk]
    coverage.refresh_from_db()
    assert coverage.plan_type == copies[winner].plan_type
