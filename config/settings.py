"""The one settings file. Everything comes from the environment; the defaults are safe for production."""

import os
import warnings
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config.edge.addresses import HEALTHZ, READYZ, route
from config.edge.database import Connection
from config.edge.held_keys import IS_READ, put_away
from config.edge.reach import why_public
from facilities.directory.zones import ZONES
from intake.insurance.clearinghouse.place import NotUsable, place_of

BASE_DIR = Path(__file__).resolve().parent.parent
if IS_READ not in os.environ:  # else who started us has read it, and gave us what our role may have
    environ.Env.read_env(BASE_DIR / ".env")
env = environ.Env()
VAR_DIR = Path(env("VAR_DIR", default="") or BASE_DIR / "var")


def required(name: str, advice: str) -> str:
    """The value of an environment variable, or a start that stops with a sentence saying what to set."""
    value = env(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {advice} See .env.example.")
    return value


# --- What this process is -------------------------------------------------------------------------------------------

ROLES = ("site", "cms", "desk", "worker", "all")
ROLE = env("ROLE", default="all")
if ROLE not in ROLES:
    raise ImproperlyConfigured(f"ROLE is {ROLE!r}. Set it to one of: {', '.join(ROLES)}.")
put_away(os.environ, ROLE)

SERVES_SITE = ROLE in ("site", "all")
SERVES_CMS = ROLE in ("cms", "all")
SERVES_PAGES = SERVES_SITE or SERVES_CMS
SERVES_STAFF = ROLE != "site"
OPENS_REQUESTS = ROLE in ("desk", "worker", "all")
# What /readyz asks beside the database: functions that return a bool, by the name it gives them.
READINESS_CHECKS = {"worker": "intake.callbacks.heartbeat.is_beating"} if OPENS_REQUESTS else {}
if SERVES_SITE:
    READINESS_CHECKS |= {
        "disk": "intake.callbacks.spool.has_room",
        "stored": "intake.callbacks.canary.is_stored",  # a test message of ours
        "opened": "intake.callbacks.canary.is_opened",
    }

DEBUG = env.bool("DEBUG", default=False)
HTTPS = env.bool("HTTPS", default=True)

SECRET_KEY = required("SECRET_KEY", "Set it to 50 or more random characters.")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured("SECRET_KEY is too short. Set it to 50 or more random characters.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
HOST = env("HOST", default="") or "127.0.0.1"
# A password that is known to all opens nothing that others than this machine can reach, whatever else is set.
DEMO = env.bool("DEMO", default=False) and not why_public(https=HTTPS, listens_at=HOST, names=ALLOWED_HOSTS)
CSRF_TRUSTED_ORIGINS = [f"{'https' if HTTPS else 'http'}://{host}" for host in ALLOWED_HOSTS if host != "*"]

# --- Keys: each role reads only those it needs (docs/decisions/0003) ------------------------------------------------

KEY_ADVICE = "Make one with `python -m intake.privacy.sealing`."
INTAKE_PUBLIC_KEY = required("INTAKE_PUBLIC_KEY", KEY_ADVICE) if SERVES_SITE else ""
INTAKE_PRIVATE_KEYS = required("INTAKE_PRIVATE_KEYS", KEY_ADVICE).split(",") if OPENS_REQUESTS else []
DATA_KEYS = required("DATA_KEYS", "Set it to id:key pairs, newest first.").split(",") if OPENS_REQUESTS else []
INDEX_KEY = required("INDEX_KEY", "Set it to 32 random bytes in base64.") if OPENS_REQUESTS else ""

# --- Applications ---------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "config",  # no models; a home for the commands that wire both apps (docs/decisions/0002)
    "facilities",
    "intake",
    "wagtail.contrib.settings",
    "wagtail.contrib.redirects",
    "wagtail.contrib.typed_table_block",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "phonenumber_field",
    "pgtrigger",
    "csp",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "config.edge.middleware.Languages",  # first, so that whatever refuses a request speaks its language
    "config.edge.middleware.Clients",
    "config.edge.middleware.Headers",
    "django.middleware.security.SecurityMiddleware",  # for the redirect to https; its headers are replaced
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.edge.middleware.ErrorPages",
    "config.edge.middleware.Bodies",
    "config.accounts.middleware.StaffSessions",
    "config.edge.middleware.Hosts",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.accounts.middleware.StaffUsers",
    "config.accounts.middleware.StaffMessages",
    "allauth.account.middleware.AccountMiddleware",
    "config.accounts.signin.StaffGate",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",  # as Django's check wants it; replaced as well
    "facilities.pages.refusals.UnreachableViews",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",  # asks the database only when a page is not found
]

ROOT_URLCONF = f"config.urls.{'desk' if ROLE == 'worker' else ROLE}"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "facilities.facts.site_facts",
            ]
        },
    }
]

# --- Database -------------------------------------------------------------------------------------------------------

required("DATABASE_URL", "Set it to a postgres:// address; `make run` makes one for you.")
DATABASES = {"default": env.db("DATABASE_URL")}
if DATABASES["default"].get("ENGINE") != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must start with postgres://. Quietline runs on PostgreSQL only.")
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# A visitor must not wait for a slow database, nor (config.edge.database) for one that hangs. No disk of today is four
# times slower out of order, and with PostgreSQL's guess the queue reads a whole table. The address may say more.
DATABASES["default"]["OPTIONS"] = {
    "connect_timeout": 2,
    "tcp_user_timeout": 2000,
    "connection_factory": Connection,
    "options": "-c statement_timeout=1500 -c lock_timeout=1000 -c random_page_cost=1.1",
    **DATABASES["default"].get("OPTIONS", {}),
}
DUMP_BEFORE_MIGRATIONS = env.bool("DUMP_BEFORE_MIGRATIONS", default=True)
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 does; the setting goes with it
warnings.filterwarnings("ignore", message="The FORMS_URLFIELD_ASSUME_HTTPS transitional setting")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- What processes share: used codes, counts of guesses, Wagtail's list of sites -----------------------------------

# Memory of one process would accept a code once in each process and count guesses anew in each. Role `site` has no
# sign-in, and no right to the table that config.launch.prepare makes.
CACHE_URL = "locmemcache://" if ROLE == "site" else env("CACHE_URL", default="") or "dbcache://shared_cache"
CACHES = {
    "default": {
        "KEY_FUNCTION": "config.accounts.signin.hidden_key",
        # Over the limit, Django drops entries by chance, live ones too. A guesser must not get there.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
        **env.cache_url_config(CACHE_URL),
    },
    "renditions": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache"
    },  # which size of a picture has which file
}

# --- Sign-in: django-allauth with a second factor; nobody signs up --------------------------------------------------

# One, because each of them would hash a wrong password.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "config.accounts.passwords.Argon2id",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of accounts made before; the next sign-in replaces it
]
# NIST SP 800-63B-4: 15 characters or more, a block list, no rules of composition.
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {
        "NAME": "config.accounts.passwords.GuessedPasswords",
        "OPTIONS": {"house": "facilities.facts.names_and_numbers"},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "signed_in"
ACCOUNT_ADAPTER = "config.accounts.signin.StaffAccounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60  # long enough to fetch the phone and install an app at the first sign-in
# A name's limit is asked first, so that who is over it uses up nothing of the address, which colleagues share.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/5m/key,30/m/ip"}
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)
MFA_ADAPTER = "config.accounts.signin.EncryptedSecrets"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Quietline"
MFA_FORMS = {
    "authenticate": "config.accounts.second_factor.SignInCode",
    "reauthenticate": "config.accounts.second_factor.ConfirmingCode",
}
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: a phone's clock is early or late (RFC 6238, 5.2)
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS

SESSION_COOKIE_AGE = 60 * 60  # an hour without a click ends a staff session (NIST SP 800-63B-4, AAL2)
SESSION_SAVE_EVERY_REQUEST = True  # so that the hour starts anew; an empty session is never saved nor sent
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.edge.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- What a browser is told -----------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
# Wagtail's editor has inline scripts and styles, and previews pages in a frame: a looser policy, for /cms/ alone.
CMS_CONTENT_SECURITY_POLICY = {
    **CONTENT_SECURITY_POLICY["DIRECTIVES"],
    "script-src": ["'self'", "'unsafe-inline'"],
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:", "blob:"],
    "frame-src": ["'self'"],
    "frame-ancestors": ["'self'"],
    "worker-src": ["'self'", "blob:"],
}
SECURE_HSTS_SECONDS = 63072000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT = HTTPS
# In every browser's own list, a name is hard to take back: whoever owns the domain decides that.
SECURE_HSTS_PRELOAD = HTTPS and env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W021"]  # wants the preload
SECURE_REDIRECT_EXEMPT = [f"^{route(address)}$" for address in (HEALTHZ, READYZ)]
if TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Not "no-referrer": with that, browsers send `Origin: null` on our own form, and it could not be told from a forgery.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
PUBLIC_BODY_LIMIT = 100_000  # bytes; the longest honest request is under 4 kB
CARD_BYTES = 8_000_000  # of one photo of an insurance card
CARD_BODY_LIMIT = CARD_BYTES + 10_000  # with the form around it
DATA_UPLOAD_MAX_MEMORY_SIZE = 10_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000  # a long article in the editor sends many

# Of one network, in each process; above it the form comes with a calculation for the browser (docs/decisions/0015).
REQUESTS_AN_HOUR = env.int("REQUESTS_AN_HOUR", default=10)
PAYER_BLIND = env.bool("PAYER_BLIND", default=True)
VERIFICATIONS_NEED_APPROVAL = env.bool("VERIFICATIONS_NEED_APPROVAL", default=False)

# Whom desk and worker ask whether a plan covers somebody; None where staff enter it by hand.
CLEARINGHOUSE_SETTINGS = [f"CLEARINGHOUSE_{name}" for name in ("URL", "KEY", "TOKEN_URL", "NPI", "NETWORK")]
try:
    CLEARINGHOUSE = (
        place_of({name: env(name, default="") for name in CLEARINGHOUSE_SETTINGS}) if OPENS_REQUESTS else None
    )
except NotUsable as problem:
    raise ImproperlyConfigured(f"{problem} See .env.example.") from None

# --- Language, time, numbers ----------------------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Spanish")]
LOCALE_PATHS = [VAR_DIR / "locale"]  # config.launch.catalogues makes them of those in locale/
USE_I18N = True
USE_TZ = True
TIME_ZONE = env("TIME_ZONE", default="America/Los_Angeles")
PHONENUMBER_DEFAULT_REGION = "US"
PHONENUMBER_DEFAULT_FORMAT = "NATIONAL"

# --- Files ----------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_URL = "/media/"
SPOOL_DIR = env("SPOOL_DIR", default="") or VAR_DIR / "spool"  # what visitors send while the database is away
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Pages ----------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Quietline"
WAGTAILADMIN_BASE_URL = f"{'https' if HTTPS else 'http'}://{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_WORKFLOW_REQUIRE_REAPPROVAL_ON_EDIT = True
WAGTAIL_FINISH_WORKFLOW_ACTION = "facilities.review.finish.publish_what_was_approved"
WAGTAIL_AUTOSAVE_INTERVAL = 2000  # milliseconds
WAGTAIL_CONTENT_LANGUAGES = WAGTAILADMIN_PERMITTED_LANGUAGES = [("en", "English"), ("es", "Spanish")]
WAGTAIL_USER_TIME_ZONES = list(ZONES)
WAGTAILREDIRECTS_AUTO_CREATE = True  # the old address of a page leads to the new one
WAGTAILIMAGES_IMAGE_MODEL = "facilities.Picture"
WAGTAILIMAGES_IMAGE_FORM_BASE = "facilities.pictures.forms.PictureForm"
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]  # an SVG may hold scripts
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8_000_000  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 50_000_000  # more would fill the memory while it is made smaller
WAGTAILADMIN_LOGIN_URL = WAGTAIL_FRONTEND_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Where a manager is led while the site is not there yet; until then, visitors can send nothing.
FIRST_STEPS = "facilities.pages.first_steps.address_for"

# A demo asks nobody's servers.
CHECKS_LINKS = env.bool("CHECK_LINKS", default=not DEMO)
LINK_CHECK_ALSO_ASKS: list[str] = []  # addresses that are not public and asked all the same: the tests' own loopback

# --- Mail and logs --------------------------------------------------------------------------------------------------

EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env("EMAIL_FROM", default="") or f"quietline@{ALLOWED_HOSTS[0] if ALLOWED_HOSTS else 'localhost'}"

# Django's mail-on-error handler is absent on purpose: it mails the whole POST, name and number included.
LOGGING_CONFIG = "logging.config.dictConfig"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"json": {"()": "config.edge.logs.JsonFormatter"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        "intake": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "facilities": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "config": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
}
