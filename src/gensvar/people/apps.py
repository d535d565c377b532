"""Django's handle on the room."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, functions, tenures, absences: who can speak for what, and when."""

    name = "gensvar.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"
