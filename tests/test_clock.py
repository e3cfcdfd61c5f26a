"""`--hour`: the guard against tests that pass by day only, proven by a planted one."""

import subprocess
import sys

import pytest

from config.launch.processes import BASE_DIR

PLANTED = """
import datetime
from django.utils import timezone

def test_planted():
    assert timezone.now().hour == datetime.datetime.now(datetime.UTC).hour == 5
"""


@pytest.mark.parametrize(("hour", "outcome"), [(5, "1 passed"), (6, "1 failed")])
def test_test_that_depends_on_the_hour_is_found_out(hour, outcome, tmp_path):
    (tmp_path / "test_planted.py").write_text(PLANTED)
    command = [sys.executable, "-m", "pytest", "-c", BASE_DIR / "pyproject.toml", "--hour", str(hour), tmp_path]
    ran = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, timeout=60)
    assert outcome in ran.stdout, ran.stdout + ran.stderr
