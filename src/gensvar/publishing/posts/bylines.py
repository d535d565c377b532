"""Law 4 for posts: a byline is a person and a function, and nothing is published without one. Neighbour: models."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm

from gensvar.publishing.posts import guest_bylines, pictures

SHOWN_BY: Final = ("action-publish", "action-submit")


def none_there() -> ValidationError:
    """What is said to somebody who publishes without a byline."""
    return ValidationError(
        _("Say who stands behind this: at least one person with a function. Nothing was published.")
    )


class PostForm(WagtailAdminPageForm):
    """The editor's form; a draft may lack a byline, what is published or sent for review may not.

    Nor may a guest's words go on before the guest said yes to them as they stand in the form, and not even a draft holds the
    pictures that a guest gave for another text.
    """

    def clean(self) -> dict[str, Any]:
        """Say at once, in the form, what the page itself would refuse later."""
        cleaned: dict[str, Any] = super().clean()
        if any(action in self.data for action in SHOWN_BY):
            formset = self.formsets["bylines"]
            given = [
                one
                for one in getattr(formset, "forms", [])
                if one.is_valid() and one.cleaned_data.get("function") and not one.cleaned_data.get("DELETE")
            ]
            if not given and guest_bylines.of(self.instance.pk) is None:
                self.add_error(None, none_there())
        return cleaned

    def _post_clean(self) -> None:
        """After the fields stand in the page: whether a guest said yes to them, and gave the pictures for them."""
        super()._post_clean()
        if not self.errors and (titles := pictures.given_for_another(self.instance)):
            self.add_error(None, guest_bylines.not_for_this(titles))
        if not self._shows() or self.errors:
            return
        guest = guest_bylines.of(self.instance.pk)
        if guest is None and guest_bylines.wrote_it_elsewhere(self.instance):
            self.add_error(None, guest_bylines.without_their_name())
        if guest is not None and not guest.agrees_to(self.instance, self._signed()):
            self.add_error(None, guest_bylines.not_agreed())

    def _signed(self) -> list[Any] | None:
        """The bylines of ours as they stand in the form, which are not in the page yet; None where they are not valid."""
        formset = self.formsets["bylines"]
        return [one.instance for one in formset.ordered_forms] if formset.is_valid() else None

    def _shows(self) -> bool:
        """Whether what is sent asks for the public: publishing, handing in, or approving what was handed in."""
        approves = self.data.get("workflow-action-name") == "approve"
        return approves or any(action in self.data for action in SHOWN_BY)


class CopiedAsDraft(CopyForm):
    """A copy of a post is shown by nobody unread: it is said anew, and who signed it then may not speak any more."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in ("publish_copies", "alias"):
            self.fields.pop(name, None)
