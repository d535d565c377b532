"""The WSGI application that granian serves: Django's, with kept pages around it; what it is told of a body is plain."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
_django = get_wsgi_application()

from gensvar.config.content_type import said_plainly  # noqa: E402  (needs Django set up)
from gensvar.config.pages.front import Front  # noqa: E402

application = Front(said_plainly(_django))
