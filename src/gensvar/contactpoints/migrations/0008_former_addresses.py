"""Addresses that places had before, at which their words still arrive."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contactpoints', '0007_knowing_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=30)),
                ('address', models.CharField(max_length=254, verbose_name='address')),
                ('left_on', models.DateField()),
                ('ended_on', models.DateField(null=True)),
                ('point', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former_addresses', to='contactpoints.contactpoint')),
            ],
            options={
                'ordering': ['-left_on', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_on', None)), fields=('channel', 'address'), name='one_point_a_former_address')],
            },
        ),
    ]
