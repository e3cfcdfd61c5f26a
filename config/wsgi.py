"""The WSGI application, and the front around it, which Granian serves."""

import gc
import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

from config.accounts.sessions import may_edit
from config.edge.database import keep_deadlines
from config.edge.front import Front

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def settle() -> None:
    """Load what the first visitor would wait for, and keep it out of the garbage collector's rounds.

    Django reads the table of addresses, and with it every view, at the first request: a second's work. What is
    loaded now stays for the life of the process, so the collector need not walk it again; and a request makes some
    thousands of objects, so that a round each 700 finds little.
    """
    from django.conf import settings
    from django.db import connection
    from django.utils.translation import override

    from facilities.facts import read_facts  # these know models, which can be imported only now
    from intake.callbacks import canary
    from intake.callbacks.spool import serve_spool

    import_module(settings.ROOT_URLCONF)
    for language, _ in settings.LANGUAGES:
        with override(language):
            pass  # it has read its catalogue
    read_facts()
    if settings.SERVES_SITE:
        serve_spool()
        canary.is_stored()  # sends the first one, so that it is opened before anybody asks
    connection.close()
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 10)


def make_front() -> Front:
    from intake.callbacks.card_views import takes_photo  # it knows models, as above

    return Front(application, may_edit, takes_photo)


application = get_wsgi_application()
keep_deadlines()
settle()
front = make_front()
