"""Django's handle on the room."""

from importlib import import_module

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Persons, functions, tenures, absences: who can speak for what, and when."""

    name = "gensvar.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Handovers have a folder of their own."""
        super().import_models()
        import_module("gensvar.people.handover.models")
