"""Django's handle on the room."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The one gate to the public, and what has passed it."""

    name = "gensvar.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"
