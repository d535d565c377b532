"""Makes Wagtail's shell ours: the menu of the desk, our style sheet, and nothing that leads out of the municipality's work."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from gensvar.core.models import User
from gensvar.desk import posts, signers, together, wagtail_users
from gensvar.desk.access import may_any
from gensvar.desk.calendar import remarks
from gensvar.desk.menu import SCREENS, Screen, waiting
from gensvar.desk.own_settings import LanguagePanel, SecurityPanel
from gensvar.desk.publishing_many import PublishMany


class ScreenItem(MenuItem):
    """A line of our menu, shown by permission and not by Wagtail's own rules."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(
            screen.label, screen.url, name=screen.name, icon_name=screen.icon, order=screen.order
        )
        self.screen = screen

    def render_component(self, request: HttpRequest) -> Any:
        """As the sidebar draws it, with the number of what waits there."""
        made = super().render_component(request)
        made.label = self.screen.said(waiting(request))
        return made

    def is_shown(self, request: HttpRequest) -> bool:
        """Whether this log-in may open it."""
        return isinstance(request.user, User) and may_any(request.user, self.screen.needs)


class KeysItem(MenuItem):
    """Opens the list of all keys; Wagtail's own line for it stands among links that lead out of the house."""

    def __init__(self) -> None:
        attributes = {
            "role": "button",
            "data-a11y-dialog-show": "keyboard-shortcuts-dialog",
            "data-action": "w-action#noop:prevent:stop",
            "data-controller": "w-kbd w-action",
            "data-w-kbd-key-value": "?",
        }
        super().__init__(_("Keys"), "#", name="keys", icon_name="keyboard", attrs=attributes, order=11000)


hooks.register("register_admin_menu_item", KeysItem)


def _register(screen: Screen) -> None:
    hooks.register("register_admin_menu_item", lambda: ScreenItem(screen))


for _screen in SCREENS:
    _register(_screen)

for _view_set in posts.VIEW_SETS:
    register_snippet(_view_set)


@hooks.register("construct_main_menu")
def only_what_is_used(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """Wagtail's own lines only for those who run the installation: a role works with the desk's."""
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if isinstance(item, ScreenItem | KeysItem)]
    else:
        menu_items[:] = [item for item in menu_items if item.name != "help"]


@hooks.register("insert_global_admin_css")
def style_sheet() -> str:
    """Our one style sheet, on every page of the shell."""
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("insert_global_admin_js")
def shell_script() -> str:
    """What Wagtail does by inline scripts, which our policy refuses."""
    return format_html('<script src="{}" defer></script>', static("desk/shell.js"))


@hooks.register("register_account_settings_panel")
def own_language(request: HttpRequest, user: User, profile: Any) -> LanguagePanel:
    """Language, kept on the log-in itself."""
    return LanguagePanel(request, user, profile)


@hooks.register("register_account_settings_panel")
def own_security(request: HttpRequest, user: User, profile: Any) -> SecurityPanel:
    """Links to password and second factor."""
    return SecurityPanel(request, user, profile)


hooks.register("before_edit_page", remarks.in_editor)
hooks.register("before_edit_page", signers.in_editor)
hooks.register("before_edit_page", together.notice)
hooks.register("after_edit_page", together.tell)
hooks.register("after_publish_page", together.tell)
hooks.register("before_unpublish_page", posts.withdraw)
hooks.register("after_publish_page", posts.say_what_is_left_out)
hooks.register("after_publish_page", signers.after_publishing)
hooks.register("before_bulk_action", posts.refuse_in_bulk)
hooks.register("before_bulk_action", wagtail_users.refuse_in_bulk)
hooks.register("register_bulk_action", PublishMany, order=1)  # after Wagtail's own, whose place it takes
hooks.register("before_delete_snippet", posts.refuse_deletion)
