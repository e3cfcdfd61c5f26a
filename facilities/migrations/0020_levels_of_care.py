"""Levels of care become rows. The first ones are those of the 3rd edition of the ASAM criteria, for staff to change."""

import django.contrib.postgres.fields
import django.core.validators
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# code, name, what our centers call it, service types of X12 to look under, the best first
FIRST = [
    ("4-WM", "inpatient detox, medically managed", "detox", ["CI", "48", "AI"]),
    ("3.7-WM", "inpatient detox, medically monitored", "detox", ["CI", "48", "AI"]),
    ("3.7", "inpatient treatment, medically monitored", "residential", ["CI", "RT", "AI"]),
    ("3.5", "residential treatment, high intensity", "residential", ["CI", "RT", "AI"]),
    ("3.1", "residential treatment, low intensity", "residential", ["CI", "RT", "AI"]),
    ("2.5", "partial hospitalization", "partial", ["BB", "CJ", "AI"]),
    ("2.1", "intensive outpatient treatment", "intensive", ["CJ", "AI", "50"]),
    ("1", "outpatient treatment", "outpatient", ["CJ", "A8", "AI", "MH"]),
]


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    level = apps.get_model("facilities", "LevelOfCare")
    level.objects.bulk_create(
        level(code=code, name=name, care=care, service_types=types, sort_order=order)
        for order, (code, name, care, types) in enumerate(FIRST, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("facilities", "0019_texts_are_pasted")]

    operations = [
        migrations.CreateModel(
            name="LevelOfCare",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "name",
                    models.CharField(
                        help_text="As it is read out to a payer, such as “partial hospitalization”.", max_length=80
                    ),
                ),
                (
                    "edition",
                    models.CharField(
                        choices=[
                            ("asam3", "ASAM criteria, 3rd edition"),
                            ("asam4", "ASAM criteria, 4th edition"),
                            ("other", "Another list"),
                        ],
                        default="asam3",
                        max_length=10,
                    ),
                ),
                ("code", models.CharField(help_text="As in that edition: 3.7-WM, 2.5.", max_length=12)),
                (
                    "care",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("detox", "Medical detox"),
                            ("residential", "Living in: residential treatment"),
                            ("partial", "Most of the day: partial hospitalization"),
                            ("intensive", "Several days a week: intensive outpatient"),
                            ("outpatient", "Visits: outpatient"),
                        ],
                        help_text="Under which of these our centers say that they offer it.",
                        max_length=20,
                        verbose_name="offered as",
                    ),
                ),
                (
                    "service_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=3,
                            validators=[
                                django.core.validators.RegexValidator(
                                    "^[A-Z0-9]{1,3}$",
                                    "Write codes of up to three capitals and digits, such as CI, 48, AI.",
                                )
                            ],
                        ),
                        blank=True,
                        default=list,
                        help_text="Codes under which an electronic answer speaks of it, with commas: CI, 48, AI.",
                        size=None,
                    ),
                ),
                ("sort_order", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "verbose_name_plural": "levels of care",
                "ordering": ["sort_order", "edition", "code"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "code"),
                        name="levelofcare_code_stands_once",
                        violation_error_message="This edition has a level of this code already.",
                    )
                ],
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
