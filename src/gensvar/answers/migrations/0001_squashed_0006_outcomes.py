"""All that was made step by step before the first release, in one step for a new database.

What those steps did to rows that stood there already is left out: a new database has none.
"""

import django.db.models.deletion
import gensvar.core.tokens
from django.db import migrations, models

from gensvar.core.migrating import CreateModels


class Migration(migrations.Migration):

    replaces = [
        ('answers', '0001_initial'),
        ('answers', '0002_private_link'),
        ('answers', '0003_drafts_in_two_windows'),
        ('answers', '0004_notice_of_a_decision'),
        ('answers', '0005_letters'),
        ('answers', '0006_outcomes'),
    ]

    initial = True

    dependencies = [
        ('contactpoints', '0001_initial'),
        ('conversations', '0001_initial'),
        ('people', '0001_initial'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='Delivery',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('raw', models.BinaryField(null=True)),
                    ('raw_sha256', models.CharField(max_length=64)),
                    ('raw_size', models.PositiveBigIntegerField()),
                    ('kind', models.CharField(choices=[('answer', 'answer'), ('receipt', 'receipt'), ('forward', 'forward'), ('first', 'first word'), ('notice', 'notice to staff'), ('news', 'letter to those who follow us'), ('decision', 'notice of a decision'), ('outcome', 'what a conversation led to')], max_length=10)),
                    ('channel', models.CharField(max_length=30)),
                    ('recipient', models.CharField(blank=True, max_length=320)),
                    ('domain', models.CharField(blank=True, max_length=255)),
                    ('recipient_name', models.CharField(blank=True, max_length=200)),
                    ('subject', models.CharField(blank=True, max_length=250)),
                    ('text', models.TextField(blank=True)),
                    ('language', models.CharField(default='sv', max_length=20)),
                    ('message_identifier', models.CharField(max_length=250, unique=True)),
                    ('key', models.CharField(default=gensvar.core.tokens.new_key, max_length=20, unique=True)),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('sent', 'sent'), ('kept', "kept in the demo's outbox"), ('delayed', 'delayed'), ('by_hand', 'to be phoned or posted'), ('failed', 'failed'), ('cancelled', 'taken back')], default='waiting', max_length=10)),
                    ('attempts', models.PositiveSmallIntegerField(default=0)),
                    ('created_at', models.DateTimeField()),
                    ('send_after', models.DateTimeField()),
                    ('next_try_at', models.DateTimeField(null=True)),
                    ('sent_at', models.DateTimeField(null=True)),
                    ('reply', models.TextField(blank=True)),
                    ('cause', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='conversations.message')),
                    ('contact_point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='contactpoints.contactpoint')),
                    ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='conversations.conversation')),
                    ('function', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='people.function')),
                    ('message', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='conversations.message')),
                    ('participant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='conversations.participant')),
                    ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='people.person')),
                    ('html', models.TextField(blank=True)),
                    ('unsubscribe', models.CharField(blank=True, max_length=500)),
                ],
                options={
                    'verbose_name': 'delivery',
                    'verbose_name_plural': 'deliveries',
                    'indexes': [models.Index(condition=models.Q(('state__in', ['waiting', 'delayed'])), fields=['-created_at'], name='delivery_unsettled'), models.Index(condition=models.Q(('state', 'failed')), fields=['-created_at'], name='delivery_failed'), models.Index(fields=['recipient', 'kind', '-created_at'], name='delivery_recent'), models.Index(condition=models.Q(('kind', 'receipt')), fields=['contact_point', '-created_at'], name='receipt_place'), models.Index(condition=models.Q(('kind', 'receipt')), fields=['domain', '-created_at'], name='receipt_domain'), models.Index(fields=['-created_at', '-id'], name='delivery_newest')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'receipt')), fields=('cause', 'recipient'), name='one_receipt_a_word')],
                },
            ),
            migrations.CreateModel(
                name='DeliveryFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('filename', models.CharField(max_length=250)),
                    ('content_type', models.CharField(max_length=150)),
                    ('size', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('delivery', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='answers.delivery')),
                ],
            ),
            migrations.CreateModel(
                name='Draft',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('answer', 'answer'), ('note', 'note'), ('forward', 'forward'), ('first', 'first word')], default='answer', max_length=10)),
                    ('subject', models.CharField(blank=True, max_length=250)),
                    ('recipient', models.CharField(blank=True, max_length=320)),
                    ('text', models.TextField(blank=True)),
                    ('updated_at', models.DateTimeField()),
                    ('contact_point', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contactpoints.contactpoint')),
                    ('conversation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='conversations.conversation')),
                    ('function', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='people.person')),
                    ('version', models.PositiveIntegerField(default=1)),
                    ('window', models.CharField(blank=True, max_length=20)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('conversation', 'person', 'kind'), name='one_draft_a_person_and_kind')],
                },
            ),
            migrations.CreateModel(
                name='DraftFile',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('filename', models.CharField(max_length=250)),
                    ('content_type', models.CharField(max_length=150)),
                    ('size', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='answers.draft')),
                ],
            ),
            migrations.CreateModel(
                name='OtherWording',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('window', models.CharField(max_length=20)),
                    ('text', models.TextField()),
                    ('updated_at', models.DateTimeField()),
                    ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='other_wordings', to='answers.draft')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('draft', 'window'), name='one_wording_a_window')],
                },
            ),
        ]),
    ]
