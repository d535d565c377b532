"""Django's handle on the room."""

from django.apps import AppConfig


class SquareConfig(AppConfig):
    """The public screens."""

    name = "gensvar.square"
    label = "square"
    default_auto_field = "django.db.models.BigAutoField"
