"""What each person settles for themselves, on Wagtail's account page: language, and the way to password and second factor."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, LocaleSettingsPanel

from gensvar.core.models import User


class LanguageForm(forms.ModelForm):  # type: ignore[type-arg]
    """The language of the desk and of notices."""

    class Meta:
        model = User
        fields: ClassVar = ["language"]


class LanguagePanel(BaseSettingsPanel):
    """Swedish or English, for the whole desk."""

    name = "language"
    title = _("Language")
    order = 400
    form_class = LanguageForm
    form_object = "user"


class SecurityPanel(BaseSettingsPanel):
    """Links to allauth's pages."""

    name = "security"
    title = _("Password and second factor")
    order = 500
    template_name = "desk/security_panel.html"

    def get_form(self) -> forms.Form:
        """An empty form: the panel only links."""
        return forms.Form()

    def get_context_data(self) -> dict[str, Any]:
        """Nothing beside the form."""
        return {"form": self.get_form()}


class OwnAccountView(AccountView):
    """Wagtail's account page without its own question about language: ours stands there instead."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        """The panels that are shown and saved."""
        return [panel for panel in super().get_panels() if not isinstance(panel, LocaleSettingsPanel)]
