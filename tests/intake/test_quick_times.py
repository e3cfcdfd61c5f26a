"""Times for the next call that one key promises are safe, and say what they are."""

from datetime import UTC, datetime

import pytest

from intake.leads.quick_times import NEXT_SAFE, quick_times
from tests.factories import make_lead

pytestmark = pytest.mark.django_db
DENVER = {"time_zone": "America/Denver", "number_zones": []}


def test_same_hour_tomorrow_is_that_of_their_clock_also_when_it_changes():
    lead = make_lead(**DENVER)
    before_the_change = datetime(2026, 10, 31, 18, 5, tzinfo=UTC)  # noon in Denver, whose clock goes back that night

    later, tomorrow = quick_times(lead, before_the_change)

    assert later.at == datetime(2026, 10, 31, 20, 5, tzinfo=UTC)
    assert tomorrow.at == datetime(2026, 11, 1, 19, 5, tzinfo=UTC)
    assert NEXT_SAFE not in (later.words, tomorrow.words)


def test_time_that_would_not_be_safe_is_the_next_that_is_and_says_so():
    lead = make_lead(times=["morning"], **DENVER)
    late = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)  # eight in the evening in Denver

    times = quick_times(lead, late)

    assert [time.words for time in times] == [NEXT_SAFE, NEXT_SAFE]
    assert all(lead.safety_at(time.at).is_safe for time in times)
    assert [time.key for time in times] == ["h", "t"]
