"""The editor's pictures, originals and renditions: for those who write posts, while nobody else is told that they exist.

What a guest gave is for those who may open its draft. The public sees other files, which the posts' gate gives out
(square.posts.picture).
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Final

from django.core.exceptions import SuspiciousOperation
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gensvar.core.models import User
from gensvar.core.roles import May
from gensvar.core.sandboxed import sandboxed
from gensvar.publishing.guests import pictures

FOLDERS: Final = frozenset({"images", "original_images"})
TYPES: Final = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
}


@require_safe
@never_cache
def picture(request: HttpRequest, name: str) -> HttpResponse:
    """One picture of the image library; 404 for everybody who does not write posts, and for all other files."""
    path = PurePosixPath(name)
    content_type = TYPES.get(path.suffix.lower())
    user = request.user
    if not isinstance(user, User) or not user.may(May.WRITE_POSTS):
        raise Http404
    if content_type is None or len(path.parts) != 2 or path.parts[0] not in FOLDERS:
        raise Http404
    if pictures.kept_from(user, str(path)):
        raise Http404
    try:
        with default_storage.open(str(path)) as file:
            data = file.read()
    except (OSError, SuspiciousOperation, ValueError):
        raise Http404 from None
    return sandboxed(HttpResponse(data, content_type=content_type))
