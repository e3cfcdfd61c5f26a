"""The worker: empties the spool, opens sealed messages, frees leads whose claim ran out, asks payers, and beats."""

import logging
import os
import signal
import sqlite3
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from config.edge.pulse import folder_of_worker, touch
from facilities.pages.schedule import publish_when_due
from facilities.sources.links import check_links_when_due
from intake.callbacks.canary import open_canaries
from intake.callbacks.heartbeat import beat
from intake.callbacks.inbox import goes_on, open_messages
from intake.callbacks.spool import take_in
from intake.insurance.asker import Asker
from intake.insurance.whom_to_ask import whoever_answers
from intake.leads.acts import erase_discarded, forget_outdated_drafts, lapse
from intake.leads.derived import keep_windows
from intake.leads.models import Lead
from intake.leads.waits import measure_wait_when_due

logger = logging.getLogger(__name__)

PAUSE = 1  # seconds
NICENESS = 10  # while many ask at once, those who wait for an answer come before what is opened a second later


class Command(BaseCommand):
    help = "Opens sealed messages until it is stopped by SIGINT or SIGTERM."
    asker: Asker | None = None  # where there is a clearinghouse, or a demo's sample

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.OPENS_REQUESTS:
            raise CommandError(f"The worker needs the private keys: start it with ROLE=worker, not {settings.ROLE}.")
        os.nice(NICENESS)
        if answers := whoever_answers():
            self.asker = Asker(answers)
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        while not stopped.is_set():
            touch(folder_of_worker(settings.VAR_DIR, settings.ROLE))  # who started us ends us if we hang
            stopped.wait(self.work_once())

    def work_once(self) -> int:
        """One round; returns how many seconds to rest. A database that is down is waited for; the messages stay."""
        close_old_connections()
        rest = PAUSE
        try:
            open_canaries()
            self._empty_spool()
            if opened := open_messages():
                logger.info("opened %s messages", opened)
            rest = 0 if goes_on(opened) else PAUSE
            keep_windows(Lead.objects.all(), timezone.now())
            for lead in Lead.objects.lapsed():
                lapse(lead)
                logger.info("the claim of lead %s lapsed", lead.pk)
            if erased := erase_discarded():
                logger.info("erased %s leads that were discarded a month ago", erased)
            if dropped := forget_outdated_drafts():
                logger.info("dropped %s drafts that nobody saved in a week", dropped)
            if self.asker:
                self.asker.turn()
            measure_wait_when_due()
            publish_when_due()
            check_links_when_due()
            beat()
        except Error as error:
            logger.error("worker waits for the database: %s", type(error).__name__)
            connection.close()
        return rest

    def _empty_spool(self) -> None:
        """Raises django.db.Error. A spool that cannot be read is no reason to leave the rest undone."""
        try:
            take_in()
        except (sqlite3.Error, OSError) as error:
            logger.error("the spool could not be read: %s", type(error).__name__)
