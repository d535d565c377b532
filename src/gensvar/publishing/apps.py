"""Django's handle on the room."""

from importlib import import_module

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    """The one gate to the public, and what has passed it."""

    name = "gensvar.publishing"
    label = "publishing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Pages are made private, and expire, in Wagtail's own rows, beside every service of ours."""
        from django.db.models.signals import post_delete, post_save
        from wagtail.models import Page, PageViewRestriction

        from gensvar.publishing.posts import finding

        for signal in (post_save, post_delete):
            signal.connect(finding.follow_restriction, sender=PageViewRestriction)
        post_save.connect(finding.follow_page, sender=Page)

    def import_models(self) -> None:
        """Posts and comments have folders of their own, which stand on the gate and so cannot be imported from beside it."""
        super().import_models()
        import_module("gensvar.publishing.posts.models")
        import_module("gensvar.publishing.guests.models")
        import_module("gensvar.publishing.plans.models")
        import_module("gensvar.publishing.comments.models")
        import_module("gensvar.publishing.newsletters.models")
        import_module("gensvar.publishing.wordpress.models")
        import_module("gensvar.publishing.links.models")
        import_module("gensvar.publishing.accessibility.models")
        import_module("gensvar.publishing.about.models")
        import_module("gensvar.publishing.positions.models")
        import_module("gensvar.publishing.appearances.models")
