"""A lead keeps its next safe window and what came of its last call, so that the queue is sorted in the database.

The windows of leads that are there already are found by the worker, or when the queue is opened.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0032_crowds_are_opened_last"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="last_call_at",
            field=models.DateTimeField(editable=False, help_text="If they have not asked again since.", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="last_outcome",
            field=models.CharField(
                blank=True,
                default="",
                choices=[
                    ("reached", "Reached"),
                    ("no_answer", "No answer"),
                    ("left_message", "Left a message"),
                    ("other_answered", "Someone else answered"),
                    ("line_dead", "Line is dead"),
                    ("wrong_number", "Wrong number"),
                    ("asked_to_stop", "Asked us to stop"),
                ],
                db_default="",
                editable=False,
                max_length=20,
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="looked_at",
            field=models.DateTimeField(editable=False, help_text="A look at the number without an outcome.", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="looked_by",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="safe_from",
            field=models.DateTimeField(editable=False, help_text="The safe hours of now, or the next ones.", null=True),
        ),
        migrations.AddField(
            model_name="lead",
            name="safe_until",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddIndex(
            model_name="lead",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["safe_until"], name="lead_window"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="tells_the_lead",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.\"kind\" IN ('revealed', 'called', 'changed', 'sent_again'))",
                    func="\nUPDATE intake_lead SET (looked_at, looked_by_id, last_call_at, last_outcome) = (\nSELECT look.at, look.by_id, call.at, coalesce(call.outcome, '') FROM (SELECT 1) AS one\nLEFT JOIN LATERAL (\n    SELECT at, by_id, kind FROM intake_activity WHERE lead_id = NEW.lead_id AND kind IN ('revealed', 'called')\n    ORDER BY at DESC LIMIT 1\n) AS look ON look.kind = 'revealed'\nLEFT JOIN LATERAL (\n    SELECT at, outcome, kind FROM intake_activity WHERE lead_id = NEW.lead_id\n    AND (kind IN ('called', 'sent_again') OR kind = 'changed' AND detail->'changed' ? 'phone')\n    ORDER BY at DESC LIMIT 1\n) AS call ON call.kind = 'called'\n)\nWHERE id = NEW.lead_id;\n RETURN NULL;",
                    hash="91330a4416a82a9b7ccff1768fb8da459ecf70b6",
                    operation="INSERT",
                    pgid="pgtrigger_tells_the_lead_e0de5",
                    table="intake_activity",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="forgets_window",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."number_zones" IS DISTINCT FROM (NEW."number_zones") OR OLD."paused_until" IS DISTINCT FROM (NEW."paused_until") OR OLD."time_zone" IS DISTINCT FROM (NEW."time_zone") OR OLD."times" IS DISTINCT FROM (NEW."times"))',
                    func="NEW.safe_from = NULL; NEW.safe_until = NULL; RETURN NEW;",
                    hash="406c105b5a1e66c646b216778fc8efb36775403a",
                    operation="UPDATE",
                    pgid="pgtrigger_forgets_window_87329",
                    table="intake_lead",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("safe_from", None), ("safe_until", None)),
                    models.Q(
                        ("safe_from__isnull", False),
                        ("safe_from__lt", models.F("safe_until")),
                        ("safe_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="lead_window_is_whole",
            ),
        ),
    ]
