"""Since when somebody knows a log-in outside can be corrected, beside what was noted before."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contactpoints', '0006_since_when_it_is_known'),
        ('people', '0005_tenure_corrections'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KnowingCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since_before', models.DateField(null=True)),
                ('since_after', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('login', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='corrections', to='contactpoints.outsidelogin')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('told_by_after', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                ('told_by_before', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('since_before__isnull', True), ('told_by_before__isnull', True)), _connector='OR'), name='knowing_corrected_with_a_reason')],
            },
        ),
    ]
