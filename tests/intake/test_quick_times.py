"""Times for the next call that one key promises are safe, and say what they are."""

from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

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


def test_two_keys_that_promise_the_same_time_are_one():
    paused = make_lead(paused_until=timezone.now() + timedelta(days=3))

    times = quick_times(paused, timezone.now())

    assert [time.key for time in times] == ["t"]


def test_quick_time_says_the_hour_on_their_clock_where_it_is_another():
    noon = quick_times(make_lead(), timezone.now())[0]
    ours = quick_times(make_lead(time_zone=settings.TIME_ZONE, number_zones=[]), timezone.now())[0]

    assert (bool(noon.on_their_clock), ours.on_their_clock) == (
        noon.at.utcoffset() != timezone.localtime(noon.at).utcoffset(),
        "",
    )
