"""The grounds that a municipality begins with: those of lag (1998:112) 5 §, personal data, and the house's own rules."""

import datetime as dt

from django.db import migrations

SINCE = dt.date(2026, 1, 1)
BBS = "lag (1998:112) om ansvar för elektroniska anslagstavlor, 5 §"
GROUNDS = (
    ("hot", "Hot", "Threat", BBS),
    ("intrang", "Olaga integritetsintrång", "Unlawful breach of privacy", BBS),
    ("uppvigling", "Uppvigling", "Incitement to crime", BBS),
    ("hets", "Hets mot folkgrupp", "Agitation against a population group", BBS),
    ("barn", "Barnpornografibrott", "Child pornography", BBS),
    ("vald", "Olaga våldsskildring", "Unlawful depiction of violence", BBS),
    ("upphovsratt", "Intrång i upphovsrätt", "Infringement of copyright", BBS),
    ("personuppgifter", "Personuppgifter om någon annan", "Personal data about somebody else", "EU:s dataskyddsförordning 2016/679, artikel 5 och 6"),
    ("fortal", "Förtal eller förolämpning", "Defamation or insult", "brottsbalken 5 kap."),
    ("enskilt", "Ett enskilt ärende, som hör hemma i ett samtal med oss", "An individual matter, which belongs in a conversation with us", ""),
    ("reklam", "Reklam eller skräp", "Advertising or spam", ""),
    ("annat-amne", "Hör inte till ämnet", "Off the subject", ""),
)


def add(apps, schema_editor):
    Ground = apps.get_model("publishing", "ModerationGround")
    for place, (slug, name, english, rule) in enumerate(GROUNDS):
        Ground.objects.get_or_create(
            slug=slug, since=SINCE, defaults={"name": name, "name_en": english, "rule": rule, "place": 10 * place}
        )


class Migration(migrations.Migration):
    dependencies = [("publishing", "0008_comments")]
    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
