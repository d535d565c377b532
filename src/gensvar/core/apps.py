"""Django's handle on the room."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """Also loads the flow (which fact starts which stage) once all rooms are there."""

    name = "gensvar.core"
    label = "core"
    default_auto_field = "django.db.models.BigAutoField"
