"""Django's handle on the room."""

from importlib import import_module

from django.apps import AppConfig


class ContactPointsConfig(AppConfig):
    """Every place where the municipality is, and which function owns it."""

    name = "gensvar.contactpoints"
    label = "contactpoints"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """What the municipality says of itself has a folder of its own, and so have log-ins outside."""
        super().import_models()
        import_module("gensvar.contactpoints.outside_logins.models")
        import_module("gensvar.contactpoints.municipality.models")
