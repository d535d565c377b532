"""The WSGI application that granian serves: Django's, with kept pages around it."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gensvar.config.settings")
_django = get_wsgi_application()

from gensvar.config.pages.front import Front  # noqa: E402  (needs Django set up)

application = Front(_django)
