"""The timeline is append-only in the database itself, whatever the code above it does."""

from django.db import migrations

FORBID = """
CREATE FUNCTION intake_forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$;
CREATE TRIGGER activity_is_append_only BEFORE UPDATE OR DELETE ON intake_activity
    FOR EACH ROW EXECUTE FUNCTION intake_forbid_change();
CREATE TRIGGER verification_is_append_only BEFORE UPDATE ON intake_verificationofbenefits
    FOR EACH ROW EXECUTE FUNCTION intake_forbid_change();
"""
ALLOW = """
DROP TRIGGER verification_is_append_only ON intake_verificationofbenefits;
DROP TRIGGER activity_is_append_only ON intake_activity;
DROP FUNCTION intake_forbid_change();
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [migrations.RunSQL(FORBID, ALLOW)]
