"""Many posts published at once, from Wagtail's list: only those of which their editors have nothing to say first.

In the place of Wagtail's own action, which asks about permissions alone. Neighbours: signers knows what is to be read,
desk.wagtail_hooks registers this.
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.admin.views.pages.bulk_actions import PublishBulkAction
from wagtail.models import Page

from gensvar.desk import posts, signers


class PublishMany(PublishBulkAction):
    """Leaves out what is held, or signed by whoever may not speak today, and says so before and after.

    Drafts below a page are never taken along: nobody has chosen them.
    """

    template_name = "desk/publish_many.html"

    def get_actionable_objects(self) -> tuple[list[Page], dict[str, Any]]:
        """Those that may be published together, and beside them those that may not, each with what is to be read."""
        pages, others = super().get_actionable_objects()
        said = signers.unread([page.pk for page in pages])
        alone = [(page.specific_deferred, said[page.pk]) for page in pages if page.pk in said]
        return [page for page in pages if page.pk not in said], {**others, "alone": alone}

    def object_context(self, obj: Page) -> dict[str, Any]:
        """Without a count of the drafts below."""
        return {"item": obj.specific_deferred, "draft_descendant_count": 0}

    def get_execution_context(self) -> dict[str, Any]:
        """Without the drafts below, whatever was sent."""
        return {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects: list[Page], **options: Any) -> tuple[int, int]:
        """One after the other, so that what a post itself refuses is said of that post. Raises ValidationError.

        Gives how many are shown now, and how many will be at the time that stands in them.
        """
        timed = 0
        for page in objects:
            try:
                super().execute_action([page], **options)
            except ValidationError as refusal:
                title = page.specific_deferred.get_admin_display_title()
                raise ValidationError([f"“{title}”: {one}" for one in refusal.messages]) from refusal
            timed += page.revisions.filter(approved_go_live_at__isnull=False).exists()
        return len(objects) - timed, timed

    def form_valid(self, form: Form) -> HttpResponse:
        """Publish them all, or none where one of them refuses; then say what is said after each alone."""
        try:
            response: HttpResponse = super().form_valid(form)
        except ValidationError as refusal:
            for sentence in refusal.messages:
                messages.error(self.request, sentence)
            messages.error(self.request, _("Nothing was published."))
            return redirect(self.next_url)
        for page in self.actionable_objects:
            signers.warn_of_its_time(self.request, page.pk)
            posts.say_what_is_left_out(self.request, page.specific)
        return response

    def prepare_action(self, objects: list[Page], objects_without_access: dict[str, Any]) -> None:
        """Say which are left out."""
        for page, said in objects_without_access["alone"]:
            about = {"title": page.get_admin_display_title(), "why": said}
            messages.warning(self.request, _("“%(title)s” is not published with the others. %(why)s") % about)

    def get_success_message(self, num_parent_objects: int, num_child_objects: int) -> str | None:
        """How many are shown, and how many go public at a time of theirs; nothing where nothing was published."""
        said = [str(super().get_success_message(num_parent_objects, 0))] if num_parent_objects else []
        if num_child_objects:
            timed = ngettext(
                "%(count)d page goes public at its time",
                "%(count)d pages go public at their time",
                num_child_objects,
            )
            said.append(timed % {"count": num_child_objects})
        return " · ".join(said) or None
