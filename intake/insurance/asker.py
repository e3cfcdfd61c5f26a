"""The worker's turn at electronic checks: each waits for its answer in a thread, so that the inbox waits for none."""

import logging
import threading
import time

from django.db import InterfaceError, OperationalError, connection

from intake.insurance.asking import Asked, Claimed, claim, give_up_lost, write_down

logger = logging.getLogger(__name__)

AT_ONCE = 8  # of all payers, in one worker; clearinghouses allow some fifty
TRIES, EVERY = 60, 2  # to write an answer down while the database is away; seconds between two of them


class Asker:
    """Whom it asks is given; it keeps the threads that wait."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.waiting: list[threading.Thread] = []

    def turn(self) -> None:
        """Send what is due and never wait. Raises django.db.Error."""
        give_up_lost()
        self.waiting = [thread for thread in self.waiting if thread.is_alive()]
        for claimed in claim(self.asked.place, most=AT_ONCE - len(self.waiting)):
            # No thread outlives the worker: what it waited for is then lost, and says so.
            thread = threading.Thread(target=self.ask, args=[claimed], daemon=True)
            self.waiting.append(thread)
            thread.start()

    def ask(self, claimed: Claimed) -> None:
        """Whatever is raised here is told by its kind alone; its words may be of a person. The check is lost then."""
        try:
            outcome = self.asked.ask(claimed.question)
            for _ in range(TRIES):
                try:
                    return write_down(claimed.check, outcome)
                except (OperationalError, InterfaceError):
                    connection.close()
                    time.sleep(EVERY)
        except Exception as error:  # noqa: BLE001 - nobody else is there to catch it
            logger.error("check %s: %s", claimed.check.pk, type(error).__name__)
        finally:
            connection.close()
