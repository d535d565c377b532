"""The form by which pictures come into the library: what no reader could be shown is refused at once, in words.

Named by WAGTAILIMAGES_IMAGE_FORM_BASE; neighbour: publishing.pictures judges.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.images.fields import ImageFileExtensionValidator, WagtailImageField
from wagtail.images.forms import BaseImageForm

from gensvar.publishing import pictures
from gensvar.publishing.posts.models import PostPicture


class PictureField(WagtailImageField):
    """Looks at a file within our limits before Wagtail's own unpacks it, which has none and breaks at a broken one."""

    def to_python(self, data: Any) -> Any:
        """The file. Raises ValidationError for one that is no picture, is broken or larger than what we unpack."""
        if data in self.empty_values:
            return super().to_python(data)
        ImageFileExtensionValidator(data)
        try:
            data.seek(0)
            pictures.unpack(data)
        except pictures.TooManyPixels:
            raise ValidationError(
                _("This picture has more than 60 million pixels. Make it smaller and try again.")
            ) from None
        except pictures.NotAPicture:
            raise ValidationError(
                _("This picture is broken and cannot be shown. Save it anew and try again.")
            ) from None
        data.seek(0)
        return super().to_python(data)


class PictureForm(BaseImageForm):
    """Wagtail's form with our field for the file."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if (wagtails := self.fields.get("file")) is not None:
            self.fields["file"] = PictureField(
                label=wagtails.label, required=wagtails.required, widget=wagtails.widget
            )
            if PostPicture.objects.filter(image=self.instance.pk, shown=True, post__live=True).exists():
                self.fields["file"].help_text = _(
                    "Public posts show this picture as it was when they were published. Publish them anew to show there what "
                    "you change here, its focal point too."
                )
