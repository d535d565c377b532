"""The form by which pictures come into the library: what no reader could be shown is refused at once, in words.

Named by WAGTAILIMAGES_IMAGE_FORM_BASE; neighbour: publishing.pictures judges.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.forms import BaseImageForm

from gensvar.publishing import pictures


class PictureForm(BaseImageForm):
    """Wagtail's form, which looks at the head of a file only; ours unpacks it once, within limits."""

    def clean_file(self) -> Any:
        """The file. Raises ValidationError for one that is broken or larger than what we unpack."""
        file = self.cleaned_data["file"]
        if "file" not in self.changed_data or not file:
            return file
        try:
            file.seek(0)
            pictures.unpack(file)
        except pictures.TooManyPixels:
            raise ValidationError(
                _("This picture has more than 60 million pixels. Make it smaller and try again.")
            ) from None
        except pictures.NotAPicture:
            raise ValidationError(
                _("This picture is broken and cannot be shown. Save it anew and try again.")
            ) from None
        finally:
            file.seek(0)
        return file
