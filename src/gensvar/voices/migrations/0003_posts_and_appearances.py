"""What is counted has a source: every row there is counts a message. The first upgrade after this counts the rest."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("contactpoints", "0001_initial"), ("people", "0001_initial"), ("voices", "0002_limit_of_writing")]

    operations = [
        migrations.RenameField("saidword", "message_id", "source_id"),
        migrations.AlterField("saidword", "source_id", models.BigIntegerField()),
        migrations.AddField(
            "saidword",
            "source",
            models.CharField(
                choices=[("message", "Message"), ("post", "Post"), ("appearance", "Appearance")],
                default="message",
                max_length=10,
            ),
            preserve_default=False,
        ),
        migrations.AlterField("saidword", "conversation_id", models.BigIntegerField(db_index=True, null=True)),
        *(
            migrations.AlterField(
                model,
                "contact_point",
                models.ForeignKey(
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="contactpoints.contactpoint",
                ),
            )
            for model in ("saidword", "saidday")
        ),
        migrations.AddConstraint(
            "saidword",
            models.UniqueConstraint(
                fields=("source", "source_id", "person", "function"), name="counted_once_for_each"
            ),
        ),
        migrations.AddConstraint(
            "saidword",
            models.CheckConstraint(
                name="message_has_its_place",
                condition=Q(source="message", contact_point__isnull=False, conversation_id__isnull=False)
                | ~Q(source="message") & Q(contact_point__isnull=True, conversation_id__isnull=True),
            ),
        ),
        migrations.AddConstraint(
            "saidday",
            models.UniqueConstraint(
                fields=("day", "person", "function", "channel", "topics"),
                name="one_sum_of_a_day_elsewhere",
                condition=Q(contact_point__isnull=True),
            ),
        ),
    ]
