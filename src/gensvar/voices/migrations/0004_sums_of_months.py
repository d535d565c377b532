"""The sums of months, made from those of the days in one statement, so that the first page after the upgrade has them."""

import django.db.models.deletion
from django.db import migrations, models


def fill(apps, schema_editor):
    month = (
        "CAST(date_trunc('month', day) AS date)"
        if schema_editor.connection.vendor == "postgresql"
        else "date(day, 'start of month')"
    )
    schema_editor.execute(
        "INSERT INTO voices_saidmonth (month, person_id, function_id, channel, messages, words)"
        f" SELECT {month}, person_id, function_id, channel, sum(messages), sum(words)"
        " FROM voices_saidday GROUP BY 1, 2, 3, 4"
    )


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial"), ("voices", "0003_posts_and_appearances")]

    operations = [
        migrations.CreateModel(
            name="SaidMonth",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("channel", models.CharField(max_length=30)),
                ("messages", models.PositiveIntegerField()),
                ("words", models.PositiveIntegerField()),
                *(
                    (
                        name,
                        models.ForeignKey(
                            on_delete=django.db.models.deletion.PROTECT, related_name="+", to=f"people.{name}"
                        ),
                    )
                    for name in ("person", "function")
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "person", "function", "channel"), name="one_sum_of_a_month"
                    )
                ]
            },
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
