"""Whatever is done to leads, in whatever order, by whomever and whenever: nobody falls out of the queue."""

import os
import random
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone

from intake.callbacks.contract import Change
from intake.leads import acts
from intake.leads.activity import CallOutcome, HandOver
from intake.leads.acts.by_the_person import change_contact, pause, withdraw
from intake.leads.acts.stop import stop_by_the_person
from intake.leads.models import Lead
from intake.leads.queue import Queue, queue_of
from tests.factories import HOW, make_lead, make_user, zone_where_it_is

ACTS = int(os.environ.get("HISTORY_ACTS", "120"))  # 10,000 in `make test-faults`
AT_LENGTH = 5_000  # acts, in which each kind must have been allowed
LEADS = 40
OPEN_TABS = ("now", "flood", "later", "snoozed", "quarantine")
DAY = 24 * 60  # minutes
RARE = ("stop", "withdraw")  # they end all that could follow

Act = Callable[[Lead], Any]


class History:
    """Leads in mixed states, and people who do to them what comes to their mind, allowed or not."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.staff = [*(make_user() for _ in range(3)), make_user("lead"), make_user("manager")]
        self.done: Counter[str] = Counter()
        for _ in range(LEADS):
            self.receive()

    def receive(self) -> None:
        """Somebody asks for a call, perhaps from the number of an earlier one."""
        pick, earlier = self.chance, self.one_of(Lead.objects.exclude(close_reason="asked_to_stop"))
        fields: dict[str, Any] = {"time_zone": zone_where_it_is(pick.choice([3, 12, 12, 12, 21]))}
        fields |= pick.choice([{}, {}, {"is_crisis": True}, {"is_quarantined": True, "suspicions": ["haste"]}])
        if earlier and earlier.phone and not earlier.contact_point.is_stopped and pick.random() < 0.2:
            fields["phone"] = earlier.phone
        lead = make_lead(**fields)
        lead.activities.create(kind="received", at=lead.received_at)

    def one_of(self, leads: QuerySet[Lead]) -> Lead | None:
        found = list(leads.order_by("received_at"))
        return self.chance.choice(found) if found else None

    def acts(self, by: User) -> dict[str, Act]:
        pick, now = self.chance, timezone.now()
        at = now + timedelta(minutes=pick.randint(-60, 3 * DAY))
        rules = {"time_zone": zone_where_it_is(pick.randrange(24)), "voicemail": pick.choice(["no", "yes"])}
        change = {"phone": pick.choice(["", f"+1702555{pick.randrange(100, 200):04d}"]), "times": [], **HOW}
        change["name"] = pick.choice(["Sam", "I took all my pills"])
        return {
            "claim": lambda lead: acts.claim(lead, by=by),
            "claim, look and say": lambda lead: self.call(lead, by),
            "reveal": lambda lead: acts.reveal(lead, by=by, why=pick.choice(["", "they asked for a call at once"])),
            "record": lambda lead: acts.record_call(
                lead, by=by, outcome=pick.choice(list(CallOutcome)), they_called=pick.random() < 0.3
            ),
            "note": lambda lead: acts.add_note(lead, by=by, note="Asked about a bed."),
            "follow up": lambda lead: acts.follow_up(lead, by=by, at=at, is_asked_for=pick.random() < 0.7),
            "hand over": lambda lead: acts.hand_over(
                lead, by=by, to=pick.choice(list(HandOver)), at=now, agreed="They go together."
            ),
            "correct": lambda lead: acts.correct(lead, by=by, **rules),
            "close": lambda lead: acts.close(
                lead, by=by, reason=pick.choice(list(Lead.CloseReason)), declined_referral=True
            ),
            "reopen": lambda lead: acts.reopen(lead, by=by),
            "release": lambda lead: acts.release(lead, by=by),
            "pass on": lambda lead: acts.pass_on(lead, by=by, to=pick.choice(self.staff[:4])),
            "undo": lambda lead: acts.undo(lead, by=by),
            "merge": lambda lead: acts.merge(lead, other=self.another(lead), by=by, keeps_other=pick.random() < 0.5),
            "unmerge": lambda lead: acts.unmerge(self.merged(lead), by=by),
            "tell apart": lambda lead: acts.tell_apart(lead, other=self.another(lead), by=by),
            "lapse": acts.lapse,
            "decide": lambda lead: acts.clear_quarantine(lead, by=by, is_spam=pick.random() < 0.2),
            "pause": lambda lead: pause(lead, until=at),
            "change": lambda lead: change_contact(lead, Change(token="t", **change), at=now),
            "stop": lambda lead: stop_by_the_person(lead, at=now),
            "withdraw": withdraw,
        }

    def another(self, lead: Lead) -> Lead:
        others = Lead.objects.exclude(pk=lead.pk)
        some = self.chance.choice([others.filter(contact_point=lead.contact_point_id), others.filter(closed_at=None)])
        return self.one_of(some) or self.one_of(others)

    def merged(self, lead: Lead) -> Lead:
        return lead.merged_leads.order_by("-merged_at").first() or lead

    def call(self, lead: Lead, by: User) -> None:
        acts.claim(lead, by=by)
        acts.reveal(lead, by=by, why="they asked for a call at once")
        outcomes = [each for each in CallOutcome if each != CallOutcome.ASKED_TO_STOP]
        acts.record_call(lead, by=by, outcome=self.chance.choice(outcomes))

    def go_on(self) -> bool:
        """One act of somebody on some lead, most often of who has it in hand; whether it was allowed."""
        leads = Lead.objects.all()
        some = self.chance.choice([leads.held(timezone.now()), leads.filter(closed_at=None), leads])
        lead = self.one_of(some) or self.one_of(leads)
        by = lead.holder if lead.holder and self.chance.random() < 0.8 else self.chance.choice(self.staff)
        name, act = self.chance.choice(list(self.acts(by).items()))
        if name in RARE and self.chance.random() < 0.9:
            return False
        try:
            act(lead)
        except acts.NotAllowed:
            return False
        self.done[name] += 1
        return True


def in_lists(queue: Queue) -> list[Lead]:
    """Every lead of every list of open ones, read page after page."""
    found: list[Lead] = []
    for tab in queue.tabs:
        if tab.name in OPEN_TABS:
            pages = queue.page(tab.name, "1").paginator.page_range
            found += [lead for number in pages for lead in queue.page(tab.name, str(number))]
    return found


@pytest.mark.django_db
def test_after_any_history_each_open_lead_stands_in_one_list_with_a_next_act(capsys):
    seed = int(os.environ.get("HISTORY_SEED", random.randrange(1_000_000)))
    with time_machine.travel(timezone.now(), tick=True) as clock:
        history, done = History(seed), 0
        while done < ACTS:
            done += history.go_on()
            clock.shift(timedelta(minutes=history.chance.choice([0, 0, 1, 5, 20])))
            if Lead.objects.filter(closed_at=None).count() < LEADS:
                history.receive()
            if done % 50 == 0:
                assert not Lead.objects.filter(is_crisis=True, merged_into__is_crisis=False).exists(), seed
                for user in (history.staff[0], history.staff[-1]):
                    queue = queue_of(Lead.objects.all(), user)
                    open_leads = sorted(Lead.objects.filter(closed_at=None).values_list("pk", flat=True))
                    assert queue.without_act_count == 0, seed
                    assert sorted(lead.pk for lead in in_lists(queue)) == open_leads, seed
    never = history.acts(history.staff[0]).keys() - history.done.keys()
    assert not never or ACTS < AT_LENGTH
    with capsys.disabled():
        sys.stdout.write(f"\n{done:,} acts on {Lead.objects.count():,} leads (seed {seed}): 0 without a next act\n")
