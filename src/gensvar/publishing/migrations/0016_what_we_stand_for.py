"""Positions with every wording that they have had, and the index by which they are found."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from gensvar.publishing.migrations import _beginning


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0005_topics'),
        ('people', '0001_initial'),
        ('publishing', '0015_accessibility_and_words_about_pages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='shortlink',
            name='kind',
            field=models.CharField(choices=[('exchange', 'question and answer'), ('page', 'page'), ('place', 'place'), ('position', 'position')], max_length=10),
        ),
        migrations.CreateModel(
            name='Position',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(blank=True, max_length=80)),
                ('begun_at', models.DateTimeField()),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('function', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function', verbose_name='function that owns it')),
                ('topics', models.ManyToManyField(blank=True, related_name='positions', to='core.topic', verbose_name='topics')),
            ],
            options={
                'verbose_name': 'position',
                'verbose_name_plural': 'positions',
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ends', models.BooleanField(default=False)),
                ('title', models.CharField(max_length=200, verbose_name='headline')),
                ('text', models.TextField(blank=True, max_length=10000, verbose_name='what we stand for')),
                ('title_en', models.CharField(blank=True, max_length=200, verbose_name='headline in English')),
                ('text_en', models.TextField(blank=True, max_length=10000, verbose_name='what we stand for, in English')),
                ('reason', models.TextField(blank=True, max_length=1000, verbose_name='why it changed')),
                ('reason_en', models.TextField(blank=True, max_length=1000, verbose_name='why it changed, in English')),
                ('written_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('holds_from', models.DateTimeField(null=True)),
                ('told_at', models.DateTimeField(null=True)),
                ('discarded_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('function', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                ('position', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wordings', to='publishing.position')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'wording',
                'verbose_name_plural': 'wordings',
            },
        ),
        migrations.CreateModel(
            name='Cause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exchange', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.publicexchange')),
                ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.post')),
                ('wording', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='causes', to='publishing.wording')),
            ],
        ),
        migrations.AddConstraint(
            model_name='position',
            constraint=models.UniqueConstraint(condition=models.Q(('slug', ''), _negated=True), fields=('slug',), name='position_address'),
        ),
        migrations.AddIndex(
            model_name='wording',
            index=models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['-holds_from', '-id'], name='wording_public'),
        ),
        migrations.AddIndex(
            model_name='wording',
            index=models.Index(condition=models.Q(('told_at__isnull', True)), fields=['holds_from'], name='wording_untold'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', False)), fields=('position', 'holds_from'), name='one_wording_an_instant'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('discarded_at__isnull', True)), fields=('position',), name='one_draft_a_position'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('holds_from__isnull', True), ('told_at__isnull', True)), models.Q(('decided_at__isnull', False), ('discarded_at__isnull', True), ('decided_by__isnull', False), ('holds_from__gte', models.F('decided_at'))), _connector='OR'), name='wording_is_draft_or_decided'),
        ),
        migrations.AddConstraint(
            model_name='wording',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ends', True), ('text', '')), models.Q(('ends', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='wording_says_or_ends'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('exchange__isnull', False), ('post__isnull', True)), models.Q(('exchange__isnull', True), ('post__isnull', False)), _connector='OR'), name='cause_is_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(fields=('wording', 'exchange'), name='cause_exchange_once'),
        ),
        migrations.AddConstraint(
            model_name='cause',
            constraint=models.UniqueConstraint(fields=('wording', 'post'), name='cause_post_once'),
        ),
        migrations.RunPython(_beginning.make_index_of_positions, _beginning.drop_index_of_positions),
    ]
