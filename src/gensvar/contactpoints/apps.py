"""Django's handle on the room."""

from django.apps import AppConfig


class ContactPointsConfig(AppConfig):
    """Every place where the municipality is, and which function owns it."""

    name = "gensvar.contactpoints"
    label = "contactpoints"
    default_auto_field = "django.db.models.BigAutoField"
