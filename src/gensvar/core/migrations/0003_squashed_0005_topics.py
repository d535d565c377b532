"""Three steps from before the first release in one; the roles of 0002 must stand between them and the user model."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('core', '0003_first_lane'),
        ('core', '0004_public_changes'),
        ('core', '0005_topics'),
    ]

    dependencies = [
        ('core', '0002_roles'),
    ]

    operations = [
        migrations.CreateModel(
            name='PublicChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True)),
                ('takes_away', models.BooleanField(default=True)),
            ],
        ),
        migrations.AddField(
            model_name='topic',
            name='merged_into',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='core.topic'),
        ),
        migrations.AlterField(
            model_name='event',
            name='lane',
            field=models.SmallIntegerField(choices=[(0, 'Database'), (1, 'Network'), (2, 'First')], default=0),
        ),
    ]
