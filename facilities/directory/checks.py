"""Numbers that nobody has checked for a while: a crisis line that has changed sends people nowhere."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.core import checks
from django.db import Error
from django.utils import timezone

MOST_DAYS = 90


@checks.register(checks.Tags.database)
def check_crisis_lines(databases: Collection[str] | None = None, **_: Any) -> list[checks.CheckMessage]:
    """One warning for each crisis line that was last checked more than MOST_DAYS ago."""
    from facilities.directory.models import CrisisLine  # checks are registered before there are models

    oldest = timezone.localdate() - timedelta(days=MOST_DAYS)
    try:
        old = list(CrisisLine.objects.live().filter(checked_on__lt=oldest)) if databases else []
    except Error:  # before the first migration there is no table
        return []
    return [
        checks.Warning(
            f"The crisis line “{line.label}” ({line.number}) was last checked on {line.checked_on}.",
            hint="Call it, or read its own site, and set the day in the editor under “Crisis lines”.",
            id="quietline.W001",
        )
        for line in old
    ]
