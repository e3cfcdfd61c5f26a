"""A stop belongs to the number, which a contact point knows by its HMAC. Existing leads get theirs.

Where there are leads, it needs DATA_KEYS and INDEX_KEY, as ROLE=desk or all holds them.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from typing import Any
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from intake.privacy import lookup
from intake.privacy.fields import UnreadableText


def fill(apps: Any, schema_editor: Any) -> None:
    """Each lead gets its point; a point is stopped where a lead of it was, unless a later request lifted that."""
    lead_model = apps.get_model("intake", "Lead")
    lead_model._meta.get_field("phone").label = "intake_lead.phone"  # of which a migration knows nothing
    points = apps.get_model("intake", "ContactPoint").objects
    for lead in lead_model.objects.iterator():
        point, _ = points.get_or_create(token=_token(apps, lead))
        lead_model.objects.filter(pk=lead.pk).update(contact_point=point)
    for point in points.filter(leads__close_reason="asked_to_stop").distinct():
        _stop(points.filter(pk=point.pk), lead_model.objects.filter(contact_point=point))


def _token(apps: Any, lead: Any) -> bytes:
    """A number that was erased or cannot be read is still known, without its extension, if it was stopped."""
    if lead.phone and not isinstance(lead.phone, UnreadableText):
        return lookup.token("phone", lead.phone)
    known = apps.get_model("intake", "LookupToken").objects.filter(lead=lead, kind="phone")
    return known.values_list("token", flat=True).first() or lead.pk.bytes


def _stop(point: Any, leads: Any) -> None:
    stopped_at = leads.filter(close_reason="asked_to_stop").aggregate(at=models.Max("closed_at"))["at"]
    later = leads.filter(received_at__gt=stopped_at, is_quarantined=False)
    lifted_at = later.aggregate(at=models.Min("received_at"))["at"]
    point.update(stopped_at=stopped_at, lifted_at=lifted_at)
    if lifted_at is None:
        nobody = {"claimed_by": None, "claimed_at": None, "claim_lapses_at": None, "follow_up_at": None}
        still_open = leads.filter(closed_at=None, is_quarantined=False)
        still_open.update(closed_at=timezone.now(), close_reason="asked_to_stop", **nobody)


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0021_finds_more"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token", models.BinaryField(help_text="HMAC of the number with its extension.", unique=True)),
                (
                    "stopped_at",
                    models.DateTimeField(blank=True, help_text="When they last asked not to be contacted.", null=True),
                ),
                (
                    "lifted_at",
                    models.DateTimeField(blank=True, help_text="When a new request of theirs lifted that.", null=True),
                ),
            ],
            options={
                "default_permissions": (),
            },
        ),
        migrations.AddField(
            model_name="lead",
            name="contact_point",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="intake.contactpoint"
            ),
        ),
        migrations.RemoveConstraint(
            model_name="lead",
            name="lead_closed_all_or_nothing",
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("close_reason", ""), ("closed_at__isnull", True), ("closed_by__isnull", True)),
                    models.Q(
                        ("closed_at__isnull", False),
                        ("closed_by__isnull", False),
                        models.Q(("close_reason", ""), _negated=True),
                    ),
                    models.Q(("close_reason", "asked_to_stop"), ("closed_at__isnull", False)),
                    _connector="OR",
                ),
                name="lead_closed_all_or_nothing",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),  # before the table is altered
        migrations.AlterField(
            model_name="lead",
            name="contact_point",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="leads", to="intake.contactpoint"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="needs_open_point",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."closed_at" IS NULL AND NOT NEW."is_quarantined")',
                    func="\nPERFORM 1 FROM intake_contactpoint\nWHERE id = NEW.contact_point_id AND (stopped_at IS NULL OR lifted_at IS NOT NULL) FOR SHARE;\nIF NOT FOUND THEN\n    RAISE EXCEPTION 'the contact point of this lead asked not to be contacted' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="a7fcc180969b05399f6e80149c93cbb2f4d13e93",
                    operation='INSERT OR UPDATE OF "contact_point_id", "closed_at", "is_quarantined"',
                    pgid="pgtrigger_needs_open_point_a744a",
                    table="intake_lead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="contactpoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("lifted_at", None),
                    models.Q(("lifted_at__gt", models.F("stopped_at")), ("stopped_at__isnull", False)),
                    _connector="OR",
                ),
                name="contactpoint_lifted_after_a_stop",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="stop_closes_all",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (NEW."lifted_at" IS NULL AND NEW."stopped_at" IS NOT NULL)',
                    func="\nIF EXISTS (\n    SELECT FROM intake_lead WHERE contact_point_id = NEW.id AND closed_at IS NULL AND NOT is_quarantined\n) THEN\n    RAISE EXCEPTION 'a lead of this contact point is still open' USING ERRCODE = 'check_violation';\nEND IF;\nRETURN NEW;\n",
                    hash="a93268e986d2bff3c766f4e09193bc74c8047b3c",
                    operation="UPDATE OR INSERT",
                    pgid="pgtrigger_stop_closes_all_3d6b5",
                    table="intake_contactpoint",
                    when="BEFORE",
                ),
            ),
        ),
    ]
