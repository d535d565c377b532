"""The table of who knows which log-in stays where it is; it gets since when, and by whom they were told."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contactpoints', '0005_address_may_wait'),
        ('people', '0005_tenure_corrections'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='KnownBy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('login', models.ForeignKey(db_column='outsidelogin_id', on_delete=django.db.models.deletion.CASCADE, related_name='knowings', to='contactpoints.outsidelogin')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='people.person')),
                    ],
                    options={
                        'db_table': 'contactpoints_outsidelogin_known_by',
                        'unique_together': {('login', 'person')},
                    },
                ),
                migrations.AlterField(
                    model_name='outsidelogin',
                    name='known_by',
                    field=models.ManyToManyField(blank=True, related_name='outside_logins', through='contactpoints.KnownBy', through_fields=('login', 'person'), to='people.person', verbose_name='who knows it'),
                ),
            ],
        ),
        migrations.AddField(
            model_name='knownby',
            name='since',
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name='knownby',
            name='told_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person'),
        ),
    ]
