"""The grounds that a municipality begins with: those of lag (1998:112) 5 §, personal data, and the house's own rules."""

from django.db import migrations

from gensvar.publishing.migrations import _beginning


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_comments")]
    operations = [migrations.RunPython(_beginning.add_grounds, migrations.RunPython.noop)]
