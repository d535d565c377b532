"""What limits log-ins is one for all processes; what each of them had counted by itself is forgotten, as at any start."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]

    operations = [
        migrations.CreateModel(
            "LogInCount",
            [
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("value", models.JSONField()),
                ("until", models.DateTimeField()),
            ],
            {"indexes": [models.Index(fields=["until"], name="log_in_until")]},
        ),
    ]
