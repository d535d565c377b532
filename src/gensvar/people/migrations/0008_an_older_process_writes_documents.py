"""A process of the version before writes no `changed`: while the upgrade goes on, the database says 0 for it."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0007_a_document_of_each_change'),
    ]

    operations = [
        migrations.AlterField(
            model_name='handoverdocument',
            name='changed',
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
