"""Every setting, in one file; values come from the environment (docs/reference/settings.md names them all)."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from gensvar.config import environment as env

PACKAGE = Path(__file__).resolve().parent.parent

# Where everything lies and who we are
GENSVAR_HOME = env.home()
GENSVAR_NAME = env.text("GENSVAR_NAME", "Norrvik")
GENSVAR_COLOUR = env.colour("GENSVAR_COLOUR", "#1f5d4c")
GENSVAR_ARMS = env.picture("GENSVAR_ARMS")
PORT = env.port("PORT", 8000)
GENSVAR_URL = env.web_address("GENSVAR_URL", f"http://127.0.0.1:{PORT}")
GENSVAR_DEMO = env.flag("GENSVAR_DEMO", False)
GENSVAR_TESTING = env.flag("GENSVAR_TESTING", False)
GENSVAR_FLOW = "gensvar.config.flow"
GENSVAR_SHOWN = "gensvar.config.pages.shown"
GENSVAR_HOLDINGS = "gensvar.config.holdings"
GENSVAR_PLAYBOOKS = "gensvar.config.playbooks"
GENSVAR_LARGEST_WORD = env.number("GENSVAR_LARGEST_WORD", 35 * 1024 * 1024)  # bytes: a mail or a form, whole
GENSVAR_UNDO_SECONDS = env.number("GENSVAR_UNDO_SECONDS", 10)
GENSVAR_FORM_LIMIT = env.number("GENSVAR_FORM_LIMIT", 300)  # words from one network in ten minutes
GENSVAR_COMMENTS = env.choice(
    "GENSVAR_COMMENTS", "before", "after", "off"
)  # when they are read by a moderator
GENSVAR_BEHIND_PROXY = env.flag(
    "GENSVAR_BEHIND_PROXY", False
)  # X-Forwarded-For and -Proto are our own proxy's words
GENSVAR_HOST = env.text("GENSVAR_HOST", "127.0.0.1")
GENSVAR_SMTP_PORT = env.port("GENSVAR_SMTP_PORT", 8025)
GENSVAR_LMTP_PORT = env.port("GENSVAR_LMTP_PORT", 8024)
GENSVAR_MAIL_HOST = env.text("GENSVAR_MAIL_HOST", "127.0.0.1")
GENSVAR_MAIL_AUTHSERV_ID = (
    env.text("GENSVAR_MAIL_AUTHSERV_ID").strip().lower()
)  # whose Authentication-Results are believed
GENSVAR_WEB_WORKERS = env.number("GENSVAR_WEB_WORKERS", 2, least=1)  # processes
GENSVAR_WEB_THREADS = env.number(
    "GENSVAR_WEB_THREADS", 8, least=1
)  # in each of them; each may hold one database connection
GENSVAR_SENDERS = env.number("GENSVAR_SENDERS", 2, least=1)  # threads of a worker that talk to the network
GENSVAR_LEASE_SECONDS = env.number(
    "GENSVAR_LEASE_SECONDS", 300
)  # how long a worker that died keeps what it had taken


def _secret_key() -> str:
    """The secret from the environment, or one made once and kept, readable by us alone, in GENSVAR_HOME."""
    if given := env.text("GENSVAR_SECRET_KEY"):
        return given
    path = GENSVAR_HOME / "secret-key"
    try:
        if not path.exists():
            _make_secret(path)
        key = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise env.not_ours(path, error) from error
    if not key:
        raise env.no_key(path)
    return key


def _make_secret(path: Path) -> None:
    handle, new = tempfile.mkstemp(dir=path.parent, prefix=".secret-")  # for us alone (0600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(50))
    with contextlib.suppress(FileExistsError):  # whoever is first makes it, and nobody reads half of it
        os.link(new, path)
    os.unlink(new)


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.words("GENSVAR_SECRET_KEY_FALLBACKS")
DEBUG = env.flag("GENSVAR_DEBUG", False)
ALLOWED_HOSTS = env.words("GENSVAR_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [GENSVAR_URL]
CSRF_FAILURE_VIEW = "gensvar.desk.unsent.too_old"

INSTALLED_APPS = [
    "gensvar.core",
    "gensvar.people",
    "gensvar.contactpoints",
    "gensvar.intake",
    "gensvar.conversations",
    "gensvar.routing",
    "gensvar.answers",
    "gensvar.publishing",
    "gensvar.learning",
    "gensvar.voices",
    "gensvar.desk",
    "gensvar.square",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "gensvar.config.wagtail_apps.Locales",
    "wagtail.embeds",
    "wagtail.sites",
    "gensvar.config.wagtail_apps.Users",
    "gensvar.config.wagtail_apps.Snippets",
    "gensvar.config.wagtail_apps.Documents",
    "gensvar.config.wagtail_apps.Images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
    "django.forms",
]
if env.few_rooms:
    GENSVAR_FLOW = "gensvar.config.few_rooms"
    INSTALLED_APPS = [
        *INSTALLED_APPS[: INSTALLED_APPS.index("gensvar.answers") + 1],
        "django.contrib.auth",
        "django.contrib.contenttypes",
    ]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "gensvar.square.headers.AskToComeAgain",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gensvar.square.headers.VaryOnlyAsNeeded",
    "django.middleware.locale.LocaleMiddleware",
    "gensvar.square.slashes.SlashWhereAPageIs",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "gensvar.desk.middleware.EmptyStyles",
    "gensvar.desk.middleware.OwnLanguage",
    "gensvar.desk.middleware.LoggedOut",
    "gensvar.desk.middleware.SecondFactor",
    "gensvar.desk.gaps.NoGaps",
    "gensvar.desk.middleware.WhyNotShown",
    "gensvar.desk.middleware.WhoSigns",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "gensvar.config.urls"
WSGI_APPLICATION = "gensvar.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "gensvar.square.context.square",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"


DATABASES_KNOWN = ("sqlite:", "postgres:", "postgresql:")


def _parsed(url: str, **more: Any) -> dict[str, Any]:
    try:
        return {**dj_database_url.parse(url, **more)}
    except ValueError as error:
        raise env.no_database() from error


def _database() -> dict[str, Any]:
    """SQLite as one file with write-ahead log and full sync, or what DATABASE_URL names."""
    url = env.text("DATABASE_URL")
    if url and not url.startswith(DATABASES_KNOWN):
        raise env.no_database()
    if url and not url.startswith("sqlite"):
        return _parsed(url, conn_max_age=600, conn_health_checks=True)
    found: dict[str, Any] = _parsed(url) if url else {"ENGINE": "django.db.backends.sqlite3"}
    found["NAME"] = found.get("NAME") or str(GENSVAR_HOME / "gensvar.sqlite3")
    found["CONN_MAX_AGE"] = 600  # seconds; opening one costs as much as two statements
    found["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,  # seconds to wait for another writer
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
            "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456; PRAGMA temp_store=MEMORY; "
            "PRAGMA secure_delete=ON;"  # what is deleted is overwritten: see docs/why/anonymity.md
        ),
    }
    return found


DATABASES = {"default": _database()}

# People who log in
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["gensvar.people.access.PersonBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/desk/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_ADAPTER = "gensvar.desk.accounts.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "gensvar.desk.forgotten.AskForPassword"}
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {  # a whole town hall comes from one address at eight; what is tried at one log-in stays five
    "login": "120/m/ip",
    "login_failed": "30/m/ip,5/300s/key",
}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers whose address somebody typed
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password or second factor is told to its owner
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("GENSVAR_BEHIND_PROXY", False) else 0
GENSVAR_REQUIRE_MFA = env.flag("GENSVAR_REQUIRE_MFA", not (GENSVAR_DEMO or GENSVAR_TESTING))
MFA_ADAPTER = "gensvar.desk.second_factor.SealedSecrets"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses are given by an administrator, not claimed
MFA_RECOVERY_CODES_SHOW_ONCE = False
MFA_TOTP_ISSUER = f"Gensvar {GENSVAR_NAME}"
MFA_TOTP_TOLERANCE = 1
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = GENSVAR_URL.startswith("https:")
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
SESSION_COOKIE_AGE = 12 * 3600

# Words and times
LANGUAGE_CODE = "sv"
_SPOKEN = {"sv": _("Swedish"), "en": _("English"), "ar": _("Arabic")}  # what there are catalogues for
GENSVAR_LANGUAGES = env.choices("GENSVAR_LANGUAGES", list(_SPOKEN), always=LANGUAGE_CODE)
GENSVAR_LANGUAGES_LEFT = [
    code for code in _SPOKEN if code not in GENSVAR_LANGUAGES
]  # the square may have had them
LANGUAGES = [(code, _SPOKEN[code]) for code in GENSVAR_LANGUAGES]  # of the square
GENSVAR_STAFF_LANGUAGES = [("sv", _("Swedish")), ("en", _("English"))]  # of the desk, and of posts
WAGTAIL_CONTENT_LANGUAGES = [one for one in GENSVAR_STAFF_LANGUAGES if one[0] in GENSVAR_LANGUAGES]
WAGTAILADMIN_PERMITTED_LANGUAGES = GENSVAR_STAFF_LANGUAGES
WAGTAIL_I18N_ENABLED = True
TIME_ZONE = "Europe/Stockholm"
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [
    Path(__file__).parent.parent / "desk" / "wagtails_words",  # Swedish for what Wagtail has none for
    Path(__file__).parent.parent / "desk" / "allauths_words",  # our Swedish where allauth's is another
    *sorted((Path(__file__).parent.parent / "channels").glob("*/locale")),  # channels are no apps
]

# Files
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("GENSVAR_STATIC_ROOT", str(GENSVAR_HOME / "static"))).resolve()
MEDIA_URL = "/media/"
MEDIA_ROOT = GENSVAR_HOME / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or GENSVAR_TESTING
        else "gensvar.config.gathering.Gathered"
    },
}
CACHES = {
    "default": {"BACKEND": "gensvar.desk.counting.LogInsShared"},
    "pictures": {  # that stand where a page is passed on (square.posters); each can be drawn again
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": GENSVAR_HOME / "run" / "posters",
        "TIMEOUT": 30 * 24 * 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},  # of about 25 kB; beyond it some go
    },
}
WHITENOISE_USE_FINDERS = DEBUG or GENSVAR_TESTING
# Said here, Wagtail need not find it out: to that end it would read, on import, which files were gathered before this start.
WAGTAILADMIN_STATIC_FILE_VERSION_STRINGS = DEBUG or GENSVAR_TESTING
DATA_UPLOAD_MAX_MEMORY_SIZE = GENSVAR_LARGEST_WORD
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # a survey's texts stand in one form, two fields for each
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

# Mail out: smtp://user:password@host:587/?tls=1, or "kept" (the demo: nothing leaves, all can be looked at in the desk)
GENSVAR_MAIL_OUT = env.mail_server("GENSVAR_MAIL_OUT", "kept" if GENSVAR_DEMO else "smtp://127.0.0.1:25")
GENSVAR_WEBSUB_HUB = env.text("GENSVAR_WEBSUB_HUB")  # none: feeds name none, nobody is told
GENSVAR_LINK_CHECKS = env.flag("GENSVAR_LINK_CHECKS", not (GENSVAR_DEMO or GENSVAR_TESTING))
GENSVAR_LINK_CHECKS_LET_THROUGH = env.words(
    "GENSVAR_LINK_CHECKS_LET_THROUGH"
)  # host:port, though it is inside
GENSVAR_CALENDARS_LET_THROUGH = env.words("GENSVAR_CALENDARS_LET_THROUGH")  # host:port, though it is inside
GENSVAR_ABSENCE_WORDS = env.words(
    "GENSVAR_ABSENCE_WORDS",
    "semester,frånvarande,frånvaro,ledig,ledighet,tjänstledig,föräldraledig,sjuk,vab,"
    "out of office,vacation,holiday,away,annual leave,leave,sick",
)
GENSVAR_HANDOVER_DAYS = env.number("GENSVAR_HANDOVER_DAYS", 14)
GENSVAR_MAIL_TIMEOUT = env.number("GENSVAR_MAIL_TIMEOUT", 30)
EMAIL_BACKEND = "gensvar.desk.staff_mail.OutboxBackend"  # what Django's apps send: the one outbox too

# Wagtail
WAGTAIL_SITE_NAME = GENSVAR_NAME
WAGTAILADMIN_BASE_URL = GENSVAR_URL
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False  # allauth's pages, which ask for the second factor
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAIL_USER_TIME_ZONES = ["Europe/Stockholm"]
WAGTAILADMIN_COMMENTS_ENABLED = True
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAIL_USAGE_COUNT_ENABLED = False
WAGTAILIMAGES_MAX_IMAGE_PIXELS = (
    60_000_000  # what publishing.pictures can show of one; no SVG is taken at all
)
WAGTAILIMAGES_IMAGE_FORM_BASE = "gensvar.desk.images.PictureForm"
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 30 * 1024 * 1024  # bytes; fifty million pixels of a good camera

# Security headers
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = env.number(
    "GENSVAR_HSTS_SECONDS", 31_536_000 if GENSVAR_URL.startswith("https:") else 0
)
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("GENSVAR_BEHIND_PROXY", False) else None
)
X_FRAME_OPTIONS = "SAMEORIGIN"  # Wagtail's own previews are frames
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "gensvar.config.logs.Short",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        }
    },
    "filters": {
        "keys": {"()": "gensvar.square.logs.HideKeys"},
        "away": {"()": "gensvar.config.logs.AwayOnce"},
        "strangers": {"()": "gensvar.config.logs.StrangersSeldom"},
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "plain",
            "filters": ["away", "strangers", "keys"],
        }
    },
    "loggers": {  # they write whole addresses, and those of calendars are secrets
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # aiosmtpd writes who mails to which token, and whatever stands where a command should.
        "mail.log": {"level": "ERROR"},
    },
    "root": {"handlers": ["stderr"], "level": env.text("GENSVAR_LOG_LEVEL", "WARNING")},
}
