"""How often we try to reach somebody who asked for a call: the visitor is told, and the desk keeps to it."""

from datetime import timedelta

from django.utils.translation import gettext

TRIES = 3  # for each request; then a person decides
TRIES_A_DAY = 2
DAY = timedelta(hours=24)
COOL_DOWN = timedelta(hours=1)  # between two tries


def tries_in_words() -> str:
    return gettext("We try up to {tries} times, {a_day} a day at most.").format(tries=TRIES, a_day=TRIES_A_DAY)
