"""One tree of posts a language, who may do what in it, and a review by editors and coordinators."""

from django.db import migrations

from gensvar.publishing.migrations import _beginning


class Migration(migrations.Migration):
    dependencies = [
        ("publishing", "0005_posts"),
        ("core", "0002_roles"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(_beginning.make_homes, migrations.RunPython.noop)]
