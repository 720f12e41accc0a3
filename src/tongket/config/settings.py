"""Settings, from the environment; without any, the embedded profile on this machine.

`TONGKET_DATA_DIR` holds the database, the counted store, files and the secret key of
the embedded profile. With `TONGKET_DATABASE_URL` (postgresql://…) PostgreSQL is used,
and then `TONGKET_SECRET_KEY` and `TONGKET_HOSTS` must be given too; see
docs/reference/settings.md.
"""

import datetime as dt
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("TONGKET_DATA_DIR", REPOSITORY / "var")).resolve()
DATABASE_URL = os.environ.get("TONGKET_DATABASE_URL", "")
IS_EMBEDDED = not DATABASE_URL


def required(name: str, remedy: str) -> str:
    """Return a setting that has no default; say what to do when it is absent."""
    value = os.environ.get(name)
    if not value:
        raise ImproperlyConfigured(f"{name} chưa được đặt / is not set: {remedy}")
    return value


def local_secret() -> str:
    """Return the embedded profile's key, made once and readable by its owner only."""
    path = DATA_DIR / "secret-key"
    if not path.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text()


PACKS_DIR = Path(os.environ.get("TONGKET_PACKS_DIR", REPOSITORY / "packs")).resolve()
COUNTRY_PACK = os.environ.get("TONGKET_COUNTRY_PACK", "vietnam")
PROVINCE_PACK = os.environ.get("TONGKET_PROVINCE_PACK", "bac-giang")

# The demonstration's calendar; empty means today (office/clock.py).
TODAY = (
    dt.date.fromisoformat(os.environ["TONGKET_TODAY"])
    if os.environ.get("TONGKET_TODAY")
    else None
)
DEBUG = os.environ.get("TONGKET_DEBUG") == "1"
if IS_EMBEDDED:
    SECRET_KEY = os.environ.get("TONGKET_SECRET_KEY") or local_secret()
    ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]
else:
    SECRET_KEY = required(
        "TONGKET_SECRET_KEY", "50 ký tự ngẫu nhiên / random characters"
    )
    ALLOWED_HOSTS = required("TONGKET_HOSTS", "tongket.example.vn,…").split(",")
    SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEBUG
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True

INSTALLED_APPS = [
    "tongket.records",
    "tongket.office",
    "tongket.portal",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "ninja",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tongket.office.api.door.ApiMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tongket.office.entrance.RefusalMiddleware",
]
ROOT_URLCONF = "tongket.config.urls"
WSGI_APPLICATION = "tongket.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "csp.context_processors.nonce",
                "tongket.config.context.other_language",
                "tongket.office.navigation.staff_context",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """Return Django's description of a database given as a postgresql:// address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ImproperlyConfigured(
            "TONGKET_DATABASE_URL: postgresql://user:password@host:port/name"
        )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


# The workbooks of a whole province may be chosen at once.
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
# As may the units of a nation in one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / "tongket.sqlite3",
        # A thread keeps its connection: the last one to close would checkpoint the log.
        "CONN_MAX_AGE": None,
        # security.md section 2: each pragma was checked to take effect.
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
            "PRAGMA secure_delete=ON; PRAGMA temp_store=MEMORY;",
        },
    }
    if IS_EMBEDDED
    else database(DATABASE_URL)
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_I18N = USE_TZ = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [Path(__file__).parent / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA_DIR / "media"
WHITENOISE_USE_FINDERS = IS_EMBEDDED
WHITENOISE_AUTOREFRESH = DEBUG

LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "year"
LOGOUT_REDIRECT_URL = "sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Wagtail's editor cannot run under this policy; it serves its own pages only (urls.py).
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/cms/",),
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    },
}

# Seconds after which a reader's rating form is believed, and until when (portal.md §8).
RATING_OPENS_AFTER, RATING_CLOSES_AFTER = 20, 7200

WAGTAIL_SITE_NAME = "tongket"
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_I18N_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

SILENCED_SYSTEM_CHECKS: list[str] = []
