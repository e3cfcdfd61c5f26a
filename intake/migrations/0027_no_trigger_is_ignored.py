"""Every database passes the signal after migrations once more, which makes its triggers firm (intake.privacy.append_only).

The signal alone would not reach one that has no migration waiting.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("intake", "0026_crisis_is_marked")]

    operations: list = []
