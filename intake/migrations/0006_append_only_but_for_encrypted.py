"""What is append-only keeps its facts and rows; its encrypted columns may change keys and be blanked."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

OLD_TRIGGERS_GO = """
DROP TRIGGER verification_is_append_only ON intake_verificationofbenefits;
DROP TRIGGER activity_is_append_only ON intake_activity;
DROP FUNCTION intake_forbid_change();
"""
OLD_TRIGGERS_COME_BACK = """
CREATE FUNCTION intake_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER activity_is_append_only BEFORE UPDATE OR DELETE ON intake_activity
    FOR EACH ROW EXECUTE FUNCTION intake_forbid_change();
CREATE TRIGGER verification_is_append_only BEFORE UPDATE ON intake_verificationofbenefits
    FOR EACH ROW EXECUTE FUNCTION intake_forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_clocks_and_earlier_coverage"),
    ]

    operations = [
        migrations.RunSQL(OLD_TRIGGERS_GO, OLD_TRIGGERS_COME_BACK),
        migrations.AlterField(
            model_name="verificationofbenefits",
            name="coverage",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="verifications", to="intake.coverage"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_facts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2a2d92c0167591509dd6757782c3a2fca6a5ed13",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_facts_bb85d",
                    table="intake_activity",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="activity",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="93ab85d29ded07704b7870086219f621bf80db4e",
                    operation="DELETE",
                    pgid="pgtrigger_keeps_rows_8b774",
                    table="intake_activity",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_facts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."lead_id" IS DISTINCT FROM (NEW."lead_id") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d92ca2b911d022f7ee25fbf4892947f9116b4b31",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_facts_64f48",
                    table="intake_note",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="note",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="ae780027d9ae2a60d14d999e1ebddf5b11eacd84",
                    operation="DELETE",
                    pgid="pgtrigger_keeps_rows_c9f83",
                    table="intake_note",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verificationofbenefits",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_facts",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."coverage_id" IS DISTINCT FROM (NEW."coverage_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."entered_at" IS DISTINCT FROM (NEW."entered_at") OR OLD."entered_by_id" IS DISTINCT FROM (NEW."entered_by_id") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."in_network" IS DISTINCT FROM (NEW."in_network") OR OLD."effective_on" IS DISTINCT FROM (NEW."effective_on") OR OLD."terminates_on" IS DISTINCT FROM (NEW."terminates_on") OR OLD."deductible" IS DISTINCT FROM (NEW."deductible") OR OLD."deductible_met" IS DISTINCT FROM (NEW."deductible_met") OR OLD."out_of_pocket_maximum" IS DISTINCT FROM (NEW."out_of_pocket_maximum") OR OLD."out_of_pocket_met" IS DISTINCT FROM (NEW."out_of_pocket_met") OR OLD."coinsurance" IS DISTINCT FROM (NEW."coinsurance") OR OLD."prior_authorization" IS DISTINCT FROM (NEW."prior_authorization"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3e1bffaa2ce6c09417cd378d787493561561ac9d",
                    operation="UPDATE",
                    pgid="pgtrigger_keeps_facts_f064f",
                    table="intake_verificationofbenefits",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="verificationofbenefits",
            trigger=pgtrigger.compiler.Trigger(
                name="keeps_rows",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="cd02d853ca5db358248bda509a32b715fc09eb63",
                    operation="DELETE",
                    pgid="pgtrigger_keeps_rows_f0290",
                    table="intake_verificationofbenefits",
                    when="BEFORE",
                ),
            ),
        ),
    ]
