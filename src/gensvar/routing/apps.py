"""Django's handle on the room."""

from django.apps import AppConfig


class RoutingConfig(AppConfig):
    """To whom a word goes and by when it is answered: assignment, deadlines, working days."""

    name = "gensvar.routing"
    label = "routing"
    default_auto_field = "django.db.models.BigAutoField"
