"""One process of the server hangs, its neighbour answers: it is found, ended, and another takes its place."""

import http.client
import os
import shutil
import signal
import subprocess
import time

import psutil
import pytest

from config.edge.lanes import STUCK_AFTER, Lane
from config.edge.pulse import MISSED, Pulses, folder_of
from tests.running import Running, running_server

pytestmark = pytest.mark.start

PATIENCE = MISSED + 15  # seconds; a new process takes some to load


def web_processes(server: Running) -> list[psutil.Process]:
    pulses = folder_of(server.var, "all").glob("[0-9]*")
    return [psutil.Process(int(file.name)) for file in pulses if psutil.pid_exists(int(file.name))]


def is_answered(server: Running) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=MISSED * 2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def test_process_that_hangs_is_ended_and_another_takes_its_place():
    with running_server() as server:
        while len(web_processes(server)) < 2:
            time.sleep(0.1)
        hung, healthy = web_processes(server)
        hung.suspend()
        began, waits = time.monotonic(), []
        while hung.is_running() and time.monotonic() - began < PATIENCE:
            asked = time.monotonic()
            is_answered(server)
            waits.append(time.monotonic() - asked)
        found_after = time.monotonic() - began
        while len(web_processes(server)) < 2 and time.monotonic() - began < PATIENCE:
            time.sleep(0.2)

        answers = [is_answered(server) for _ in range(40)]

        print(f"\nended after {found_after:.1f} s; {len(waits)} asked meanwhile, the slowest {max(waits):.1f} s")  # noqa: T201
        assert found_after < PATIENCE
        assert healthy.is_running() and "hung; it was ended" in server.output
        assert all(answers) and len(web_processes(server)) == 2


def test_pulse_of_a_number_that_is_somebody_elses_now_ends_nobody(tmp_path):
    pulses = Pulses(tmp_path / "pulses")
    pulses.folder.mkdir()
    file = pulses.folder / str(os.getpid())
    file.touch()

    ended = [pulses.end_silent(group=1)]

    assert ended == [0] and not file.exists()


def test_process_that_hangs_is_ended_although_its_file_is_gone(tmp_path):
    hung = subprocess.Popen(["sleep", "600"], process_group=0)
    pulses = Pulses(tmp_path / "pulses")
    pulses.folder.mkdir()
    file = pulses.folder / str(hung.pid)
    file.touch()
    group, ended = os.getpgid(hung.pid), []

    ended.append(pulses.end_silent(group))
    shutil.rmtree(pulses.folder)
    ended.append(pulses.end_silent(group))
    pulses.seen[file] = (pulses.seen[file][0], time.monotonic() - MISSED - 1)  # as if it had been silent
    ended.append(pulses.end_silent(group))

    assert ended == [0, 0, 1]
    assert hung.wait() == -signal.SIGKILL
    assert not pulses.seen


def test_clock_that_is_set_ends_nobody(tmp_path):
    pulses = Pulses(tmp_path / "pulses")
    pulses.folder.mkdir()
    file = pulses.folder / str(os.getpid())
    file.touch()
    os.utime(file, (0, 0))  # as if the clock had jumped by half a century since

    assert pulses.end_silent(os.getpgid(0)) == 0
    assert file.exists()


def test_odd_files_among_the_pulses_end_nothing(tmp_path):
    pulses = Pulses(tmp_path / "pulses")
    (pulses.folder / "999998").mkdir(parents=True)
    for name in ("abc", "9" * 23, "-1", "１２"):
        (pulses.folder / name).touch()

    assert pulses.end_silent(os.getpgid(0)) == 0


def test_disk_that_takes_no_pulse_ends_nobody(tmp_path):
    pulses = Pulses(tmp_path / "pulses")
    pulses.folder.mkdir()
    file = pulses.folder / str(os.getpid())
    file.touch()
    pulses.end_silent(os.getpgid(0))
    pulses.seen[file] = (pulses.seen[file][0], time.monotonic() - MISSED - 1)  # as if it had been silent
    (pulses.folder / "here").unlink()
    (pulses.folder / "here").symlink_to(tmp_path / "no" / "such" / "folder")  # cannot be written, by root either

    assert pulses.end_silent(os.getpgid(0)) == 0


def test_lane_whose_threads_all_hang_is_stuck_and_one_that_moves_is_not():
    lane = Lane("test", threads=2)
    lane.moved -= STUCK_AFTER + 1

    lane.free = 1
    assert not lane.is_stuck
    lane.free = 0
    assert lane.is_stuck
    lane.moved += STUCK_AFTER
    assert not lane.is_stuck
