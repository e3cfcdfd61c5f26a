"""The worker's turn at electronic checks: it waits for no answer, and asks for nothing twice."""

import threading

import pytest

from intake.insurance.asker import Asker
from intake.insurance.checks import Check
from intake.insurance.clearinghouse.client import Clearinghouse
from intake.insurance.clearinghouse.place import Place
from intake.management.commands import run_worker
from tests.factories import make_user
from tests.intake.clearinghouse_peer import ANSWER_271, REPLY, clearinghouse_peer
from tests.intake.test_checks import PLACE, ask, make_askable

pytestmark = pytest.mark.usefixtures("committed")


def test_round_of_the_worker_goes_on_while_a_payer_is_slow():
    check = ask(make_askable(recorded_by=make_user("")), by=make_user(""))
    go_on = threading.Event()
    with clearinghouse_peer() as peer:
        peer.do = lambda handler: (go_on.wait(30), handler.reply(200, REPLY | {"x12": ANSWER_271}))
        worker = run_worker.Command()
        worker.asker = Asker(Clearinghouse(Place(peer.check_address, "live-key", "", PLACE.npi, PLACE.network)))
        worker.work_once()
        worker.work_once()
        check.refresh_from_db()
        assert (check.state, len(worker.asker.waiting)) == (Check.State.ASKED, 1)
        go_on.set()
        for thread in worker.asker.waiting:
            thread.join()

        check.refresh_from_db()
        assert (check.state, len(peer.asked)) == (Check.State.ANSWERED, 1)
        assert peer.asked[0][1]["provider"]["npi"] == PLACE.npi
