"""Very many leads, made by PostgreSQL out of one: what they say is the same, and what they are found by is not."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.urls import path

from config.urls.all import urlpatterns as ours
from intake.leads.models import Lead
from intake.leads.tokens import LookupToken
from intake.privacy import lookup
from tests import factories

NAMES = 20  # each lead has one of them, so that a search for one fills its page at every size
COMMON_NAME = "maria"
TEMPLATE = "TEMPLATE-0000"
OWN = (
    "id",
    "reference",
    "received_at",
    "contact_point_id",
    "closed_at",
    "closed_by_id",
    "close_reason",
    "answers_token",
)
POINTS = """
INSERT INTO intake_contactpoint (id, token)
SELECT md5('point' || n)::uuid, decode(md5('token' || n), 'hex') FROM generate_series(%(first)s, %(last)s) AS n
"""
LEADS = """
INSERT INTO intake_lead ({own}, {same})
SELECT md5('lead' || n)::uuid, 'LARK-' || lpad((n %% 10000)::text, 4, '0'), now() - n * interval '40 seconds',
    md5('point' || n)::uuid, {closed}, decode(md5('answers' || n), 'hex'), {template}
FROM generate_series(%(first)s, %(last)s) AS n, intake_lead AS template WHERE template.id = %(template)s
"""
CLOSED = "now() - n * interval '30 seconds', %(user)s, 'unreachable'"
STILL_OPEN = "NULL, NULL, ''"
TIMELINE = """
INSERT INTO intake_activity (id, lead_id, at, kind, outcome, detail, by_id)
SELECT gen_random_uuid(), md5('lead' || n)::uuid, now() - n * interval '35 seconds', kind, '', '{}', %(user)s
FROM generate_series(%(first)s, %(last)s) AS n, unnest(ARRAY['received', 'claimed', 'noted']) AS kind
"""
TOKENS = """
INSERT INTO intake_lookuptoken (id, lead_id, received_at, kind, token)
SELECT gen_random_uuid(), lead.id, lead.received_at, %(kind)s, (%(tokens)s::bytea[])[1 + n %% %(count)s]
FROM generate_series(%(first)s, %(last)s) AS n JOIN intake_lead AS lead ON lead.id = md5('lead' || n)::uuid
"""


def fill(*, closed: int, open_leads: int) -> None:
    """Bring the house to so many leads; those that are there already stay."""
    user = consultant()
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")  # a million rows take longer than a page may
        if not Lead.objects.filter(closed_at=None).exists():
            _make(user, first=1, last=open_leads, state=STILL_OPEN)
        there = Lead.objects.filter(closed_at__isnull=False).exclude(reference=TEMPLATE).count()
        _make(user, first=open_leads + there + 1, last=open_leads + closed, state=CLOSED)
        cursor.execute("VACUUM ANALYZE")  # as its own vacuum does in earnest, within a minute
        cursor.execute("RESET statement_timeout")


def _make(user: User, *, first: int, last: int, state: str) -> None:
    template = Lead.objects.filter(reference=TEMPLATE).first() or factories.make_lead(
        reference=TEMPLATE, name="Maria", note="Please speak slowly.", closed_by=user
    )
    columns = {field.column for field in Lead._meta.concrete_fields}
    same = ", ".join(sorted(columns - set(OWN)))
    statement = LEADS.format(
        own=", ".join(OWN), same=same, template=f"template.{same.replace(', ', ', template.')}", closed=state
    )
    values: dict[str, Any] = {"first": first, "last": last, "user": user.pk, "template": template.pk}
    with connection.cursor() as cursor:
        cursor.execute(POINTS, values)
        cursor.execute(statement, values)
        cursor.execute(TIMELINE, values)
        for kind, tokens in _tokens().items():
            cursor.execute(TOKENS, values | {"kind": kind, "tokens": tokens, "count": len(tokens)})


def _tokens() -> dict[LookupToken.Kind, list[bytes]]:
    """Of each kind the tokens that the leads share out among themselves."""
    kind = LookupToken.Kind
    names = [COMMON_NAME, *(f"name{number:03d}" for number in range(1, NAMES))]
    values = {
        kind.NAME_WORD: names,
        kind.NAME_START: [name[:3] if name == COMMON_NAME else name[:6] for name in names],
        kind.LAST_FOUR: [f"{number:04d}" for number in range(10_000)],
        kind.REFERENCE_DIGITS: [f"{number:04d}" for number in range(10_000)],
    }
    return {kind: [lookup.token(kind, value) for value in those] for kind, those in values.items()}


def consultant() -> User:
    return User.objects.filter(groups__name="consultant").first() or factories.make_user()


def sign_in() -> Client:
    """The consultant, who may see the stock changelist too, with its addresses beside ours."""
    settings.ROOT_URLCONF = __name__
    user = consultant()
    client = Client()
    factories.sign_in(client, user)
    return client


def two_leads() -> tuple[str, str]:
    """The keys of the newest open ones."""
    first, second = Lead.objects.filter(closed_at=None).order_by("-received_at")[:2]
    return str(first.pk), str(second.pk)


class LeadAdmin(admin.ModelAdmin):
    """As the tutorial writes it. Whoever sees a lead sees the list."""

    list_display = ("reference", "received_at", "claimed_by", "follow_up_at", "closed_at", "close_reason")
    list_filter = ("close_reason",)
    list_select_related = ("claimed_by",)
    list_per_page = 50
    ordering = ("-received_at",)


stock_site = admin.AdminSite(name="stock")
stock_site.register(Lead, LeadAdmin)
urlpatterns = [path("desk/stock/", stock_site.urls), *ours]
