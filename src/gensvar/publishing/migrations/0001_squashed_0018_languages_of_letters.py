"""All that was made step by step before the first release, in one step for a new database.

What those steps did to rows that stood there already is left out: a new database has none.
"""

import django.core.validators
import django.db.models.deletion
import gensvar.core.tokens
import gensvar.publishing.newsletters.models
import gensvar.publishing.posts.blocks
import modelcluster.fields
from django.conf import settings
from django.db import migrations, models

from gensvar.core.migrating import CreateModels
from gensvar.publishing.migrations import _beginning


def check(apps, schema_editor):
    """PostgreSQL alters no table while its rows still wait to be checked, and the foreign keys are made last of all."""
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):

    replaces = [
        ('publishing', '0001_initial'),
        ('publishing', '0002_search'),
        ('publishing', '0003_changes_and_short_links'),
        ('publishing', '0004_short_links_of_what_is_published'),
        ('publishing', '0005_posts'),
        ('publishing', '0006_where_posts_hang'),
        ('publishing', '0007_topics'),
        ('publishing', '0008_comments'),
        ('publishing', '0009_grounds_of_moderation'),
        ('publishing', '0010_newsletters'),
        ('publishing', '0011_bring_the_old_voice_home'),
        ('publishing', '0012_files_of_an_old_blog'),
        ('publishing', '0013_pictures_in_sizes'),
        ('publishing', '0014_links_of_others'),
        ('publishing', '0015_accessibility_and_words_about_pages'),
        ('publishing', '0016_what_we_stand_for'),
        ('publishing', '0017_outcomes'),
        ('publishing', '0018_languages_of_letters'),
    ]

    initial = True

    dependencies = [
        ('answers', '0005_letters'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('conversations', '0001_initial'),
        ('conversations', '0003_address_before_channel'),
        ('core', '0002_roles'),
        ('core', '0003_first_lane'),
        ('core', '0005_topics'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('people', '0001_initial'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtailimages', '0027_image_description'),
    ]

    operations = [
        CreateModels([
            migrations.CreateModel(
                name='PublicExchange',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.CharField(max_length=20, unique=True)),
                    ('slug', models.SlugField(max_length=80)),
                    ('title', models.CharField(max_length=200, verbose_name='headline')),
                    ('language', models.CharField(default='sv', max_length=20)),
                    ('state', models.CharField(choices=[('prepared', 'being prepared'), ('published', 'published'), ('withdrawn', 'withdrawn')], default='prepared', max_length=10)),
                    ('published_at', models.DateTimeField(null=True)),
                    ('withdrawn_at', models.DateTimeField(null=True)),
                    ('withdrawn_reason', models.TextField(blank=True)),
                    ('conversation', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_exchange', to='conversations.conversation')),
                    ('function', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function')),
                    ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('changed_at', models.DateTimeField(null=True)),
                    ('topics', models.ManyToManyField(blank=True, related_name='exchanges', to='core.topic')),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'published')), fields=['-published_at', '-id'], name='exchange_public')],
                },
            ),
            migrations.CreateModel(
                name='PublicText',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField()),
                    ('shown_name', models.CharField(blank=True, max_length=200)),
                    ('approved', models.BooleanField(default=False)),
                    ('approved_at', models.DateTimeField(null=True)),
                    ('approved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='texts', to='publishing.publicexchange')),
                    ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_text', to='conversations.message')),
                ],
            ),
            migrations.CreateModel(
                name='PublicPicture',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('alternative', models.CharField(max_length=300)),
                    ('content_type', models.CharField(max_length=40)),
                    ('sha256', models.CharField(max_length=64)),
                    ('width', models.PositiveIntegerField()),
                    ('height', models.PositiveIntegerField()),
                    ('attachment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='public_picture', to='conversations.attachment')),
                    ('text', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='publishing.publictext')),
                ],
            ),
            migrations.CreateModel(
                name='ShortLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('kind', models.CharField(choices=[('exchange', 'question and answer'), ('page', 'page'), ('place', 'place'), ('position', 'position'), ('outcome', 'outcome')], max_length=10)),
                    ('key', models.CharField(max_length=40)),
                    ('made_at', models.DateTimeField()),
                    ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='one_short_link_a_page')],
                },
            ),
            migrations.CreateModel(
                name='ShortLinkDay',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('count', models.PositiveIntegerField(default=0)),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='publishing.shortlink')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('link', 'day'), name='one_count_a_link_and_day')],
                },
            ),
            migrations.CreateModel(
                name='PostsHome',
                fields=[
                    ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ],
                options={
                    'verbose_name': 'posts',
                },
                bases=('wagtailcore.page',),
            ),
            migrations.CreateModel(
                name='Series',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=60, unique=True)),
                    ('name', models.CharField(max_length=120, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=120, verbose_name='name in English')),
                ],
                options={
                    'verbose_name': 'series',
                    'verbose_name_plural': 'series',
                    'ordering': ['name'],
                },
            ),
            migrations.CreateModel(
                name='Post',
                fields=[
                    ('page_ptr', models.OneToOneField(auto_created=True, on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                    ('lead', models.TextField(help_text='Two or three sentences: what is this about?', max_length=500, verbose_name='lead')),
                    ('body', gensvar.publishing.posts.blocks.Body(blank=True, verbose_name='text')),
                    ('answers_number', models.CharField(blank=True, help_text='Its number, such as 2026-000123. It is shown as long as the question is public.', max_length=20, verbose_name='in answer to this public question')),
                    ('topics', modelcluster.fields.ParentalManyToManyField(blank=True, related_name='posts', to='core.topic', verbose_name='topics')),
                    ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.series', verbose_name='series')),
                    ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.source', verbose_name='in answer to this source')),
                ],
                options={
                    'verbose_name': 'post',
                    'verbose_name_plural': 'posts',
                },
                bases=('wagtailcore.page',),
            ),
            migrations.CreateModel(
                name='Byline',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sort_order', models.IntegerField(blank=True, editable=False, null=True)),
                    ('function', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function', verbose_name='function')),
                    ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person', verbose_name='person')),
                    ('post', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='bylines', to='publishing.post')),
                    ('guest', models.CharField(blank=True, help_text='Somebody who wrote it and is no person here, by name; the function stands behind it.', max_length=120, verbose_name='guest')),
                ],
                options={
                    'ordering': ['sort_order'],
                    'abstract': False,
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('guest', ''), ('person__isnull', False)), models.Q(('person__isnull', True), models.Q(('guest', ''), _negated=True)), _connector='OR'), name='byline_names_somebody', violation_error_message='Choose a person, or write the name of a guest; not both.')],
                },
            ),
            migrations.CreateModel(
                name='PostDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('published', 'published'), ('withdrawn', 'withdrawn')], max_length=10)),
                    ('at', models.DateTimeField()),
                    ('reason', models.TextField(blank=True)),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='publishing.post')),
                ],
            ),
            migrations.CreateModel(
                name='Source',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('letter', 'letter to the editor'), ('editorial', 'editorial'), ('article', 'article'), ('broadcast', 'radio or television'), ('other', 'other')], default='letter', max_length=10, verbose_name='kind')),
                    ('title', models.CharField(max_length=200, verbose_name='headline')),
                    ('medium', models.CharField(max_length=120, verbose_name='where it stood')),
                    ('writer', models.CharField(blank=True, help_text='As it stood there: a name or a signature.', max_length=120, verbose_name='who wrote it')),
                    ('date', models.DateField(verbose_name='date')),
                    ('url', models.URLField(blank=True, max_length=500, verbose_name='link')),
                    ('quote', models.TextField(blank=True, help_text='The sentences that are answered.', verbose_name='quotation')),
                    ('answers', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='publishing.source', verbose_name='answers this source')),
                    ('answers_post', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='publishing.post', verbose_name='answers this post of ours')),
                ],
                options={
                    'verbose_name': 'source',
                    'verbose_name_plural': 'sources',
                    'ordering': ['-date', '-pk'],
                },
            ),
            migrations.CreateModel(
                name='PostPicture',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('content_type', models.CharField(max_length=40)),
                    ('width', models.PositiveIntegerField()),
                    ('height', models.PositiveIntegerField()),
                    ('shown', models.BooleanField(default=True)),
                    ('image', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtailimages.image')),
                    ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pictures', to='publishing.post')),
                    ('focus_x', models.PositiveSmallIntegerField(default=500)),
                    ('focus_y', models.PositiveSmallIntegerField(default=500)),
                    ('made_of', models.CharField(blank=True, max_length=64)),
                    ('place', models.PositiveSmallIntegerField(default=0)),
                    ('sized', models.BooleanField(default=False)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('shown', True), ('sized', False)), fields=['id'], name='post_picture_unsized')],
                    'constraints': [models.UniqueConstraint(fields=('post', 'image'), name='post_picture_once')],
                },
            ),
            migrations.CreateModel(
                name='Comment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on_kind', models.CharField(choices=[('exchange', 'question and answer'), ('post', 'post')], max_length=10)),
                    ('on_key', models.CharField(max_length=270)),
                    ('key', models.CharField(default=gensvar.core.tokens.new_key, max_length=20, unique=True)),
                    ('shown_name', models.CharField(blank=True, max_length=200)),
                    ('state', models.CharField(choices=[('unconfirmed', 'not confirmed by its writer'), ('waiting', 'waits to be read'), ('shown', 'shown'), ('removed', 'not shown')], default='unconfirmed', max_length=12)),
                    ('found', models.JSONField(default=list)),
                    ('came_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('shown_at', models.DateTimeField(null=True)),
                    ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='comment', to='conversations.message')),
                    ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replies', to='publishing.comment')),
                ],
                options={
                    'verbose_name': 'comment',
                    'verbose_name_plural': 'comments',
                    'indexes': [models.Index(fields=['on_kind', 'on_key', 'came_at'], name='comment_thread'), models.Index(condition=models.Q(('state', 'waiting')), fields=['came_at'], name='comment_waiting'), models.Index(fields=['-came_at'], name='comment_newest')],
                },
            ),
            migrations.CreateModel(
                name='CommentAnswer',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('text', models.TextField()),
                    ('shown', models.BooleanField(default=True)),
                    ('approved_at', models.DateTimeField()),
                    ('approved_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='answers', to='publishing.comment')),
                    ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='comment_answer', to='conversations.message')),
                ],
            ),
            migrations.CreateModel(
                name='CommentDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('shown', 'shown'), ('removed', 'not shown'), ('upheld', 'not shown after an appeal either'), ('restored', 'shown again after an appeal')], max_length=10)),
                    ('words', models.TextField(blank=True)),
                    ('kept_text', models.TextField()),
                    ('kept_name', models.CharField(blank=True, max_length=200)),
                    ('key', models.CharField(default=gensvar.core.tokens.new_key, max_length=20, unique=True)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('comment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='publishing.comment')),
                    ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.person')),
                    ('ground', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.moderationground')),
                ],
            ),
            migrations.CreateModel(
                name='Appeal',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='conversations.message')),
                    ('decision', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='appeal', to='publishing.commentdecision')),
                    ('outcome', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.commentdecision')),
                ],
            ),
            migrations.CreateModel(
                name='CommentsClosed',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('on_kind', models.CharField(choices=[('exchange', 'question and answer'), ('post', 'post')], max_length=10)),
                    ('on_key', models.CharField(max_length=270)),
                    ('at', models.DateTimeField()),
                    ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('on_kind', 'on_key'), name='closed_once_a_page')],
                },
            ),
            migrations.CreateModel(
                name='ModerationGround',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('slug', models.SlugField(max_length=60)),
                    ('name', models.CharField(max_length=200, verbose_name='name')),
                    ('name_en', models.CharField(blank=True, max_length=200, verbose_name='name in English')),
                    ('rule', models.CharField(blank=True, max_length=200, verbose_name='rule')),
                    ('since', models.DateField(verbose_name='from')),
                    ('until', models.DateField(blank=True, null=True, verbose_name='until and with')),
                    ('place', models.PositiveSmallIntegerField(default=100)),
                ],
                options={
                    'ordering': ['place', 'slug', '-since'],
                    'constraints': [models.UniqueConstraint(fields=('slug', 'since'), name='one_ground_a_day')],
                },
            ),
            migrations.CreateModel(
                name='Subscriber',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.CharField(default=gensvar.core.tokens.new_key, max_length=20, unique=True)),
                    ('address', models.CharField(blank=True, max_length=320)),
                    ('language', models.CharField(choices=gensvar.publishing.newsletters.models.languages, default='sv', max_length=10, verbose_name='language')),
                    ('pace', models.CharField(choices=[('each', 'as it comes'), ('daily', 'once a day'), ('weekly', 'once a week')], default='each', max_length=10, verbose_name='how often')),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('next_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('ended_why', models.CharField(blank=True, choices=[('wish', 'ended it'), ('bounced', 'the address takes no mail'), ('complained', 'called it unwanted'), ('silent', 'never confirmed it')], max_length=12)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('address',), name='one_subscriber_an_address')],
                },
            ),
            migrations.CreateModel(
                name='Letter',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('asks', models.BooleanField(default=False)),
                    ('at', models.DateTimeField()),
                    ('delivery', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='letter', to='answers.delivery')),
                    ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='publishing.subscriber')),
                ],
            ),
            migrations.CreateModel(
                name='Following',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('scope', models.CharField(max_length=10)),
                    ('slug', models.CharField(blank=True, max_length=60)),
                    ('pace', models.CharField(choices=[('each', 'as it comes'), ('daily', 'once a day'), ('weekly', 'once a week')], max_length=10)),
                    ('asked_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='followings', to='publishing.subscriber')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subscriber', 'scope', 'slug'), name='one_following_a_stream')],
                },
            ),
            migrations.CreateModel(
                name='ToldEntry',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.PositiveSmallIntegerField()),
                    ('place', models.PositiveBigIntegerField()),
                    ('letter', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='publishing.letter')),
                    ('subscriber', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='told', to='publishing.subscriber')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('subscriber', 'kind', 'place'), name='told_once')],
                },
            ),
            migrations.CreateModel(
                name='OldAddress',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('path', models.CharField(max_length=700)),
                    ('topic', models.CharField(blank=True, max_length=60)),
                    ('item', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='publishing.olditem')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='addresses', to='publishing.oldsite')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('path', 'site'), name='old_address_once')],
                },
            ),
            migrations.CreateModel(
                name='OldComment',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveBigIntegerField()),
                    ('writer', models.CharField(blank=True, max_length=64)),
                    ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='publishing.comment')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='comments', to='publishing.oldsite')),
                ],
                options={
                    'indexes': [models.Index(fields=['writer'], name='old_comment_writer')],
                    'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='old_comment_once')],
                },
            ),
            migrations.CreateModel(
                name='OldItem',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('raw', models.BinaryField(null=True)),
                    ('raw_sha256', models.CharField(max_length=64)),
                    ('raw_size', models.PositiveBigIntegerField()),
                    ('number', models.PositiveBigIntegerField()),
                    ('kind', models.CharField(max_length=40)),
                    ('title', models.CharField(blank=True, max_length=250)),
                    ('state', models.CharField(choices=[('waiting', 'waits'), ('made', 'came home'), ('left', 'not taken'), ('failed', 'went wrong')], default='waiting', max_length=10)),
                    ('slug', models.CharField(blank=True, max_length=255)),
                    ('at', models.DateTimeField(null=True)),
                    ('shown', models.BooleanField(default=False)),
                    ('file', models.CharField(blank=True, max_length=500)),
                    ('notes', models.JSONField(default=list)),
                    ('taken_at', models.DateTimeField(null=True)),
                    ('image', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailimages.image')),
                    ('post', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='publishing.post')),
                    ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='publishing.oldsite')),
                    ('parent', models.PositiveBigIntegerField(default=0)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('file', ''), _negated=True), fields=['site', 'file'], name='old_item_file'), models.Index(condition=models.Q(('state', 'waiting')), fields=['site', 'number'], name='old_item_waiting'), models.Index(condition=models.Q(('file', ''), _negated=True), fields=['site', 'parent'], name='old_item_parent')],
                    'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='old_item_once'), models.UniqueConstraint(condition=models.Q(('slug', ''), _negated=True), fields=('slug',), name='old_slug_once')],
                },
            ),
            migrations.CreateModel(
                name='OldSite',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('address', models.CharField(max_length=250, unique=True)),
                    ('title', models.CharField(blank=True, max_length=250)),
                    ('language', models.CharField(default='sv', max_length=10)),
                    ('authors', models.JSONField(default=dict)),
                    ('first_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='PictureSize',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('card', models.BooleanField()),
                    ('content_type', models.CharField(max_length=40)),
                    ('width', models.PositiveIntegerField()),
                    ('height', models.PositiveIntegerField()),
                    ('sha256', models.CharField(db_index=True, max_length=64)),
                    ('picture', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sizes', to='publishing.postpicture')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('picture', 'card', 'width', 'content_type'), name='picture_size_once')],
                },
            ),
            migrations.CreateModel(
                name='OutsideLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('address', models.TextField()),
                    ('host', models.CharField(db_index=True, max_length=253)),
                    ('state', models.CharField(choices=[('new', 'not looked at yet'), ('well', 'well'), ('doubted', 'did not look right; we look again'), ('broken', 'broken'), ('strange', 'may have been taken over'), ('barred', 'cannot be judged by a machine'), ('unused', 'not linked any more')], default='new', max_length=10)),
                    ('since', models.DateTimeField()),
                    ('finding', models.CharField(blank=True, choices=[('well', 'It answers.'), ('no_name', 'There is no such domain any more.'), ('silent', 'Nobody answers at that address.'), ('slow', 'The page did not come within the time.'), ('unsafe', 'It has no valid certificate, so browsers warn of it.'), ('broken_off', 'What came was no web page.'), ('loop', 'It sends its visitors round in circles.'), ('missing', 'The page is not there any more (%(status)s).'), ('fault', 'The server says that it is broken (%(status)s).'), ('odd', 'The server refuses the address (%(status)s).'), ('moved', 'It used to be at %(before)s and now leads to %(now)s.'), ('unlinked', 'Its page linked back to us, and does so no longer.'), ('other', 'Its page called itself “%(before)s” and now calls itself “%(now)s”.'), ('parked', 'The domain seems to be for sale, or parked.'), ('barred', 'It does not let machines in (%(status)s), so a person must look.'), ('inside', 'It leads into a private network, which nobody outside can open.'), ('address', 'This is no web address that browsers open.')], max_length=12)),
                    ('details', models.JSONField(blank=True, default=dict)),
                    ('tries', models.PositiveSmallIntegerField(default=0)),
                    ('doubted_at', models.DateTimeField(null=True)),
                    ('looked_at', models.DateTimeField(null=True)),
                    ('well_at', models.DateTimeField(null=True)),
                    ('next_at', models.DateTimeField()),
                    ('site', models.CharField(blank=True, max_length=253)),
                    ('title', models.CharField(blank=True, max_length=300)),
                    ('owner', models.CharField(blank=True, max_length=300)),
                    ('linked_back', models.BooleanField(default=False)),
                    ('trusted', models.CharField(blank=True, choices=[('well', 'It answers.'), ('no_name', 'There is no such domain any more.'), ('silent', 'Nobody answers at that address.'), ('slow', 'The page did not come within the time.'), ('unsafe', 'It has no valid certificate, so browsers warn of it.'), ('broken_off', 'What came was no web page.'), ('loop', 'It sends its visitors round in circles.'), ('missing', 'The page is not there any more (%(status)s).'), ('fault', 'The server says that it is broken (%(status)s).'), ('odd', 'The server refuses the address (%(status)s).'), ('moved', 'It used to be at %(before)s and now leads to %(now)s.'), ('unlinked', 'Its page linked back to us, and does so no longer.'), ('other', 'Its page called itself “%(before)s” and now calls itself “%(now)s”.'), ('parked', 'The domain seems to be for sale, or parked.'), ('barred', 'It does not let machines in (%(status)s), so a person must look.'), ('inside', 'It leads into a private network, which nobody outside can open.'), ('address', 'This is no web address that browsers open.')], max_length=12)),
                    ('trusted_until', models.DateTimeField(null=True)),
                ],
                options={
                    'indexes': [models.Index(condition=models.Q(('state', 'unused'), _negated=True), fields=['next_at'], name='link_due'), models.Index(condition=models.Q(('state__in', ['broken', 'strange', 'barred'])), fields=['since'], name='link_in_need')],
                },
            ),
            migrations.CreateModel(
                name='LinkDecision',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('ours', 'looked at: it is right'), ('again', 'to be looked at again'), ('closed', 'the place was closed')], max_length=10)),
                    ('finding', models.CharField(blank=True, choices=[('well', 'It answers.'), ('no_name', 'There is no such domain any more.'), ('silent', 'Nobody answers at that address.'), ('slow', 'The page did not come within the time.'), ('unsafe', 'It has no valid certificate, so browsers warn of it.'), ('broken_off', 'What came was no web page.'), ('loop', 'It sends its visitors round in circles.'), ('missing', 'The page is not there any more (%(status)s).'), ('fault', 'The server says that it is broken (%(status)s).'), ('odd', 'The server refuses the address (%(status)s).'), ('moved', 'It used to be at %(before)s and now leads to %(now)s.'), ('unlinked', 'Its page linked back to us, and does so no longer.'), ('other', 'Its page called itself “%(before)s” and now calls itself “%(now)s”.'), ('parked', 'The domain seems to be for sale, or parked.'), ('barred', 'It does not let machines in (%(status)s), so a person must look.'), ('inside', 'It leads into a private network, which nobody outside can open.'), ('address', 'This is no web address that browsers open.')], max_length=12)),
                    ('at', models.DateTimeField()),
                    ('words', models.CharField(blank=True, max_length=500)),
                    ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='publishing.outsidelink')),
                ],
            ),
            migrations.CreateModel(
                name='DeadShortLink',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('why', models.CharField(choices=[('withdrawn', 'its page was withdrawn'), ('not_shown', 'its page may not be seen any more'), ('missing', 'its page is not there'), ('page_fails', 'the page with somebody else that its place stands for fails')], max_length=12)),
                    ('since', models.DateTimeField()),
                    ('followed', models.PositiveIntegerField(default=0)),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('settled_at', models.DateTimeField(null=True)),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deaths', to='publishing.shortlink')),
                    ('settled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('link',), name='one_death_at_a_time')],
                },
            ),
            migrations.CreateModel(
                name='LinkUse',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('kind', models.CharField(choices=[('place', 'place'), ('post', 'post'), ('answer', 'answer'), ('source', 'source')], max_length=10)),
                    ('key', models.CharField(max_length=40)),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='publishing.outsidelink')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('link', 'kind', 'key'), name='one_use_a_link_and_place')],
                },
            ),
            migrations.CreateModel(
                name='LinkLook',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('at', models.DateTimeField()),
                    ('finding', models.CharField(choices=[('well', 'It answers.'), ('no_name', 'There is no such domain any more.'), ('silent', 'Nobody answers at that address.'), ('slow', 'The page did not come within the time.'), ('unsafe', 'It has no valid certificate, so browsers warn of it.'), ('broken_off', 'What came was no web page.'), ('loop', 'It sends its visitors round in circles.'), ('missing', 'The page is not there any more (%(status)s).'), ('fault', 'The server says that it is broken (%(status)s).'), ('odd', 'The server refuses the address (%(status)s).'), ('moved', 'It used to be at %(before)s and now leads to %(now)s.'), ('unlinked', 'Its page linked back to us, and does so no longer.'), ('other', 'Its page called itself “%(before)s” and now calls itself “%(now)s”.'), ('parked', 'The domain seems to be for sale, or parked.'), ('barred', 'It does not let machines in (%(status)s), so a person must look.'), ('inside', 'It leads into a private network, which nobody outside can open.'), ('address', 'This is no web address that browsers open.')], max_length=12)),
                    ('state', models.CharField(choices=[('new', 'not looked at yet'), ('well', 'well'), ('doubted', 'did not look right; we look again'), ('broken', 'broken'), ('strange', 'may have been taken over'), ('barred', 'cannot be judged by a machine'), ('unused', 'not linked any more')], max_length=10)),
                    ('details', models.JSONField(blank=True, default=dict)),
                    ('landed', models.TextField(blank=True)),
                    ('title', models.CharField(blank=True, max_length=300)),
                    ('owner', models.CharField(blank=True, max_length=300)),
                    ('linked_back', models.BooleanField(default=False)),
                    ('link', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='publishing.outsidelink')),
                ],
                options={
                    'indexes': [models.Index(fields=['link', '-at'], name='link_looks')],
                },
            ),
            migrations.CreateModel(
                name='Failure',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('criterion', models.CharField(help_text='Its number, such as 1.1.1.', max_length=10, validators=[django.core.validators.RegexValidator('^[1-4]\\.\\d{1,2}\\.\\d{1,2}$', 'A number such as 1.1.1.')], verbose_name='WCAG criterion')),
                    ('what', models.TextField(max_length=1000, verbose_name='what does not work')),
                    ('what_en', models.TextField(blank=True, max_length=1000, verbose_name='what does not work, in English')),
                    ('reason', models.CharField(choices=[('mending', 'does not fulfil the law; being mended'), ('burden', 'disproportionate burden (12 §)'), ('exempt', 'outside the law (9 and 10 §§)')], default='mending', max_length=8, verbose_name='why')),
                    ('why', models.TextField(blank=True, help_text='Needed for a disproportionate burden and for what is outside the law.', max_length=1000, verbose_name='explanation')),
                    ('why_en', models.TextField(blank=True, max_length=1000, verbose_name='explanation in English')),
                    ('meanwhile', models.TextField(blank=True, max_length=1000, verbose_name='what to do meanwhile')),
                    ('meanwhile_en', models.TextField(blank=True, max_length=1000, verbose_name='what to do meanwhile, in English')),
                    ('found_on', models.DateField(verbose_name='found on')),
                    ('planned_on', models.DateField(blank=True, null=True, verbose_name='to be mended by')),
                    ('mended_on', models.DateField(blank=True, null=True, verbose_name='mended on')),
                ],
                options={
                    'verbose_name': 'known failure',
                    'verbose_name_plural': 'known failures',
                    'ordering': ['criterion', 'found_on', 'pk'],
                },
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('body', models.CharField(blank=True, help_text="Empty: the municipality's legal name.", max_length=200, verbose_name='body responsible')),
                    ('covers', models.TextField(max_length=2000, verbose_name='what it covers')),
                    ('covers_en', models.TextField(blank=True, max_length=2000, verbose_name='what it covers, in English')),
                    ('aims', models.CharField(max_length=200, verbose_name='requirements')),
                    ('conformity', models.CharField(choices=[('full', 'fully'), ('partial', 'partly'), ('none', 'not')], max_length=8, verbose_name='fulfils them')),
                    ('method', models.TextField(max_length=3000, verbose_name='how it was tried')),
                    ('method_en', models.TextField(blank=True, max_length=3000, verbose_name='how it was tried, in English')),
                    ('assessed_on', models.DateField(verbose_name='last tried on')),
                    ('review_on', models.DateField(blank=True, null=True, verbose_name='next review')),
                    ('authority', models.CharField(max_length=200, verbose_name='supervisory authority')),
                    ('authority_en', models.CharField(blank=True, max_length=200, verbose_name='supervisory authority in English')),
                    ('authority_url', models.URLField(max_length=300, verbose_name='where to report to it')),
                    ('contact', models.ForeignKey(blank=True, help_text='Empty: the function that holds it together.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.function', verbose_name='who gets what people tell')),
                ],
                options={
                    'verbose_name': 'accessibility statement',
                },
            ),
            migrations.CreateModel(
                name='StatementVersion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('number', models.PositiveIntegerField(unique=True)),
                    ('published_at', models.DateTimeField()),
                    ('note', models.CharField(blank=True, max_length=300, verbose_name='what is new')),
                    ('content', models.JSONField()),
                    ('published_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'ordering': ['-number'],
                },
            ),
            migrations.CreateModel(
                name='Verdicts',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('day', models.DateField()),
                    ('yes', models.PositiveIntegerField(default=0)),
                    ('no', models.PositiveIntegerField(default=0)),
                    ('exchange', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='verdicts', to='publishing.publicexchange')),
                ],
                options={
                    'constraints': [models.UniqueConstraint(fields=('exchange', 'day'), name='one_count_of_verdicts_a_day')],
                },
            ),
            migrations.CreateModel(
                name='WordAbout',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('why', models.CharField(choices=[('question', 'asks about it'), ('no', 'found no answer in it'), ('yes', 'found an answer in it'), ('access', 'tells what is hard to use')], max_length=10)),
                    ('on_kind', models.CharField(choices=[('exchange', 'question and answer'), ('post', 'post'), ('position', 'position'), ('outcome', 'outcome'), ('page', 'page')], max_length=10)),
                    ('on_key', models.CharField(blank=True, max_length=270)),
                    ('message', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='about', to='conversations.message')),
                ],
                options={
                    'indexes': [models.Index(fields=['on_kind', 'on_key'], name='word_about_page')],
                },
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
                    'constraints': [models.UniqueConstraint(condition=models.Q(('slug', ''), _negated=True), fields=('slug',), name='position_address')],
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
                    'indexes': [models.Index(condition=models.Q(('decided_at__isnull', False)), fields=['-holds_from', '-id'], name='wording_public'), models.Index(condition=models.Q(('told_at__isnull', True)), fields=['holds_from'], name='wording_untold')],
                    'constraints': [models.UniqueConstraint(condition=models.Q(('decided_at__isnull', False)), fields=('position', 'holds_from'), name='one_wording_an_instant'), models.UniqueConstraint(condition=models.Q(('decided_at__isnull', True), ('discarded_at__isnull', True)), fields=('position',), name='one_draft_a_position'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('holds_from__isnull', True), ('told_at__isnull', True)), models.Q(('decided_at__isnull', False), ('discarded_at__isnull', True), ('decided_by__isnull', False), ('holds_from__gte', models.F('decided_at'))), _connector='OR'), name='wording_is_draft_or_decided'), models.CheckConstraint(condition=models.Q(models.Q(('ends', True), ('text', '')), models.Q(('ends', False), models.Q(('text', ''), _negated=True)), _connector='OR'), name='wording_says_or_ends')],
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
                options={
                    'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('exchange__isnull', False), ('post__isnull', True)), models.Q(('exchange__isnull', True), ('post__isnull', False)), _connector='OR'), name='cause_is_one_thing'), models.UniqueConstraint(fields=('wording', 'exchange'), name='cause_exchange_once'), models.UniqueConstraint(fields=('wording', 'post'), name='cause_post_once')],
                },
            ),
        ]),
        migrations.RunPython(_beginning.make_index, _beginning.drop_index),
        migrations.RunPython(_beginning.make_index_of_positions, _beginning.drop_index_of_positions),
        migrations.RunPython(_beginning.make_homes, migrations.RunPython.noop),
        migrations.RunPython(_beginning.add_grounds, migrations.RunPython.noop),
        migrations.RunPython(_beginning.begin_statement, migrations.RunPython.noop),
        migrations.RunPython(check, migrations.RunPython.noop),
    ]
