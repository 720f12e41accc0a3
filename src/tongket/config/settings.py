"""Settings, from the environment; without any, the embedded profile on this machine.

`TONGKET_DATA_DIR` holds the database, the counted store, files and the secret key of
the embedded profile. With `TONGKET_DATABASE_URL` (postgresql://…) PostgreSQL is used,
and then `TONGKET_SECRET_KEY` and `TONGKET_HOSTS` must be given too; see
docs/reference/settings.md.
"""

import datetime as dt
import os
import secrets
import sys
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

REPOSITORY = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("TONGKET_DATA_DIR", REPOSITORY / "var")).resolve()
DATABASE_URL = os.environ.get("TONGKET_DATABASE_URL", "")
# The tables belong to another role than the one that serves: only it changes them.
if sys.argv[1:2] == ["migrate"]:
    DATABASE_URL = os.environ.get("TONGKET_OWNER_URL") or DATABASE_URL
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
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "tongket.office.entrance.ScopeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "tongket.office.api.door.ApiMiddleware",
    "tongket.office.plain_text.PlainTextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongket.office.entry_rules.EntryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tongket.office.entrance.RefusalMiddleware",
    "tongket.office.reading.ReadingMiddleware",
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
        "ENGINE": "tongket.records.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
    }


def mail_server(url: str) -> dict[str, object]:
    """Return Django's settings of a mail server given as an address.

    smtp://user:password@host:587 asks for STARTTLS, smtps://…:465 speaks TLS at once;
    smtp://host:25?tls=no speaks plainly, for a server on this machine.
    """
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", ["yes"])[0]
    known = parts.scheme in {"smtp", "smtps"} and tls in {"yes", "no"}
    if not known or not parts.hostname:
        raise ImproperlyConfigured(
            "TONGKET_EMAIL_URL: smtp://user:password@host:587 | smtps://…:465"
        )
    is_wrapped = parts.scheme == "smtps"
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if is_wrapped else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": is_wrapped,
        "EMAIL_USE_TLS": not is_wrapped and tls == "yes",
    }


# Without a mail server every mail waits in the outbox, and the pages say so.
EMAIL_URL = os.environ.get("TONGKET_EMAIL_URL", "")
EMAIL_TIMEOUT = 30  # seconds; shorter than the lease of a mail (cycle/post.py)
if EMAIL_URL:
    globals().update(mail_server(EMAIL_URL))
    DEFAULT_FROM_EMAIL = required("TONGKET_EMAIL_FROM", "tongket@example.vn")
# Where this site is found, for addresses in mails.
SITE_URL = os.environ.get("TONGKET_SITE_URL", "http://127.0.0.1:8000").rstrip("/")

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
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# The first makes hashes; the others still read those of before.
PASSWORD_HASHERS = [
    "tongket.config.passwords.Argon2",
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"tongket.config.passwords.{name}"}
    for name in ("LongEnough", "NotEasilyGuessed", "NotLikeTheAccount")
] + [{"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"}]


def choice(name: str, *values: str, default: str) -> str:
    """Return a setting that takes one of a few words; refuse any other."""
    value = os.environ.get(name) or default
    if value not in values:
        raise ImproperlyConfigured(f"{name}={value}: {' | '.join(values)}")
    return value


def minutes(name: str, default: int) -> int:
    """Return a setting that is a number of minutes, as seconds."""
    value = os.environ.get(name) or str(default)
    if not value.isdecimal() or int(value) < 1:
        raise ImproperlyConfigured(f"{name}={value}: số phút / minutes, 1, 2, 3…")
    return int(value) * 60


# Whether roles beyond those who report must prove who they are a second time.
IS_SECOND_FACTOR_REQUIRED = (
    choice(
        "TONGKET_SECOND_FACTOR",
        "required",
        "offered",
        default="offered" if IS_EMBEDDED else "required",
    )
    == "required"
)
SESSION_IDLE = minutes("TONGKET_SESSION_IDLE", 60)  # without a request
SESSION_COOKIE_AGE = minutes("TONGKET_SESSION_LONGEST", 12 * 60)  # in all
REAUTHENTICATE_AFTER = 15 * 60  # before an act of weight
# Behind the proxy of production, the client's address is the last that it adds.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if IS_EMBEDDED else 1
ACCOUNT_ADAPTER = "tongket.office.signing_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True  # as long as the limits above allow
ACCOUNT_REAUTHENTICATION_TIMEOUT = REAUTHENTICATE_AFTER
# Ours instead (cycle/admit.py): theirs locks an account for its owner too.
ACCOUNT_RATE_LIMITS = MFA_RATE_LIMITS = False
ACCOUNT_FORMS = {"change_password": "tongket.office.signing_in.PasswordChangeForm"}
MFA_ADAPTER = "tongket.office.signing_in.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "tongket.office.signing_in.CodeForm",
    "reauthenticate": "tongket.office.signing_in.CodeAgainForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 s: telephones' clocks differ
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "tongket"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IS_EMBEDDED  # http://localhost
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
# One door for everybody: editors sign in as the staff do, with the same factors.
WAGTAILADMIN_LOGIN_URL = "sign-in"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_BASE_URL = "http://127.0.0.1:8000"
WAGTAIL_I18N_ENABLED = False
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False

SILENCED_SYSTEM_CHECKS: list[str] = []
