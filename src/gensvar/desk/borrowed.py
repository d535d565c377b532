"""Words of Wagtail's own screens that our staff meet and that its Swedish catalogue lacks; ours gives them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

WAGTAIL: Final = (
    _("Actions (footer)"),
    _("account"),
)
