"""Makes Wagtail's choosers start from a <template>, for which shell.js looks: the policy runs no inline script.

Wagtail 8 writes that script in code and offers no template for it; `install` is called once, by the room's AppConfig.
"""

from __future__ import annotations

import json
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail.admin.widgets.chooser import BaseChooser


def install() -> None:
    """Let every chooser render itself without a script."""
    BaseChooser.render = _render


def _render(
    self: BaseChooser, name: str, value: Any, attrs: dict[str, Any] | None = None, **_rest: Any
) -> SafeString:
    given = attrs or {}
    data = self.get_value_data(value)
    options = self.get_js_init_options(given["id"], name, data)
    return format_html(
        '{}<template data-panel="{}" data-arguments="{}"></template>',
        self.render_html(name, data, given),
        self.js_constructor,
        json.dumps([given["id"], options]),
    )
