"""Posts that did not go public at their time, since whoever signs them may not speak any more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('publishing', '0028_the_statement_on_languages'),
    ]

    operations = [
        migrations.CreateModel(
            name='PostHold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_at', models.DateTimeField()),
                ('post', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hold', to='publishing.post')),
            ],
        ),
    ]
