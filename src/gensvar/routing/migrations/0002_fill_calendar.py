"""The working week, and the Swedish holidays of the years around now, as data that people may change."""

import datetime as dt

import holidays
from django.db import migrations


def fill(apps, schema_editor):
    apps.get_model("routing", "WorkingWeek").objects.get_or_create(pk=1)
    this_year = dt.date.today().year
    years = range(2020, this_year + 3)
    apps.get_model("routing", "FilledYear").objects.bulk_create(
        [apps.get_model("routing", "FilledYear")(year=year) for year in years], ignore_conflicts=True
    )
    SpecialDay = apps.get_model("routing", "SpecialDay")
    days = holidays.country_holidays("SE", years=years, categories=("public", "de_facto"), language="sv")
    SpecialDay.objects.bulk_create(
        [SpecialDay(date=date, name=name[:80]) for date, name in sorted(days.items())], ignore_conflicts=True
    )


class Migration(migrations.Migration):
    dependencies = [("routing", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
