"""Settings of every process. All that differs between machines comes from the environment (README, Settings)."""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from config.environment import (
    LOOPBACK,
    check_base_url,
    check_flag,
    check_hosts,
    check_log_level,
    check_secret_key,
    check_shows_mails,
    check_url,
    parse_field_keys,
    parse_url,
)

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
VAR_DIR.mkdir(mode=0o700, exist_ok=True)  # rows, mails with live codes and claims files: for this account only
# Where matplotlib keeps its list of fonts: in a home that is not writable it would look for them at each start.
os.environ.setdefault("MPLCONFIGDIR", str(VAR_DIR / "matplotlib"))
env = environ.Env()
if (VAR_DIR / "local.env").exists():  # written by `make setup`; a server sets the environment instead
    env.read_env(VAR_DIR / "local.env")

DEBUG = check_flag("DEBUG", env("DEBUG", default=""))
SECRET_KEY = check_secret_key(env("SECRET_KEY", default=""))
# Keys that were in use before: what they signed stays good until they leave this list.
SECRET_KEY_FALLBACKS = [check_secret_key(key) for key in env.list("SECRET_KEY_FALLBACKS", default=[])]
FIELD_KEYS = parse_field_keys(env("FIELD_KEYS", default=""))
BASE_URL = check_base_url(env("BASE_URL", default=""))
IS_HTTPS = BASE_URL.startswith("https://")
ALLOWED_HOSTS = check_hosts(env.list("ALLOWED_HOSTS", default=[urlsplit(BASE_URL).hostname]))
if not IS_HTTPS:
    ALLOWED_HOSTS = sorted({*ALLOWED_HOSTS, *LOOPBACK})
BEHIND_PROXY = check_flag("BEHIND_PROXY", env("BEHIND_PROXY", default=""))
METRICS_TOKEN = env("METRICS_TOKEN", default="")

INSTALLED_APPS = [
    "config",
    "claims",
    "redress",
    "documents",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",  # the templates of TemplatesSetting
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "csp",
]
MIDDLEWARE = [
    "config.middleware.HeadMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.middleware.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "config.middleware.CharsetMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.office.OfficeMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
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
            ],
        },
    },
]

# Database: SQLite by default. The defaults of SQLite end in "database is locked" as soon as two processes write.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
}
DATABASE_URL = check_url(
    "DATABASE_URL",
    env("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'redress.sqlite3'}"),
    ("sqlite", "postgres", "postgresql"),
)
DATABASES = {"default": parse_url("DATABASE_URL", DATABASE_URL, env.db_url_config)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
else:
    DATABASES["default"]["OPTIONS"] = {
        "pool": {"min_size": 1, "max_size": 8, "timeout": 5},
        "connect_timeout": 5,
        "server_side_binding": True,  # a statement that comes again is planned once for each connection
        "prepare_threshold": 3,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Celery: a broker is only a wake-up call, the rows of claims.Job are the truth (claims/base/jobs.py).
BROKER_URL = check_url("BROKER_URL", env("BROKER_URL", default="filesystem://"), ("filesystem", "redis", "rediss"))
CELERY_BROKER_URL = "filesystem://localhost" if BROKER_URL.startswith("filesystem") else BROKER_URL
if BROKER_URL.startswith("filesystem"):
    BROKER_DIR = Path(env("BROKER_DIR", default=str(VAR_DIR / "broker")))
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,  # with kombu's default of one second two tasks a second get through
    }
    for folder in ("queue", "control"):
        (BROKER_DIR / folder).mkdir(parents=True, exist_ok=True)
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 60,  # longer than our longest task, see claims.tasks.work
        "unacked_restore_interval": 2,
        "unacked_restore_throttle": 1,  # kombu looks every 10th time by default: 100 s
        "socket_connect_timeout": 2,
        "socket_timeout": 10,
        "max_retries": 1,  # of whoever makes a wake-up call: kombu tries for six seconds by default
        "interval_start": 0,
        "interval_step": 0,
    }
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # the sweep sends again what the broker did not take
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE = {
    "sweep jobs": {"task": "claims.tasks.sweep_jobs", "schedule": 5.0},
    "sweep evidence": {"task": "claims.tasks.sweep_evidence", "schedule": 5.0},
    # Often, and let go where workers are behind: the next one does all that waits.
    "enter what was sent": {"task": "claims.tasks.enter_registrations", "schedule": 2.0, "options": {"expires": 2.0}},
    "note how far the history has come": {"task": "claims.tasks.checkpoint_history", "schedule": 60.0},
    "send what waits to be sent": {"task": "claims.tasks.sweep_mails", "schedule": 60.0},
    "remind of times to answer": {"task": "claims.tasks.sweep_periods", "schedule": 600.0},
    "forget words of names that nobody has": {"task": "claims.tasks.sweep_words", "schedule": 3600.0},
    "delete what was never sent": {"task": "claims.tasks.delete_drafts", "schedule": 3600.0},
    "forget old codes": {"task": "claims.tasks.forget_codes", "schedule": 600.0},
    "show that a worker lives": {"task": "claims.tasks.beat_heart", "schedule": 5.0},
}

CACHE_URL = env("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")
CACHES = {"default": parse_url("CACHE_URL", CACHE_URL, env.cache_url_config)}
EMAIL_TIMEOUT = 15  # seconds for each answer of the mail server; a lease on a mail lasts longer than all of them
if env("EMAIL_URL", default=""):
    vars().update(parse_url("EMAIL_URL", env("EMAIL_URL"), env.email_url_config))
else:  # nothing leaves a machine that was not told how: mails are files to look at
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(VAR_DIR / "mail")
# The page /demo/mails/ shows what other people were sent, with live codes: it exists on one's own machine only.
SHOWS_MAILS = check_shows_mails(env("SHOW_MAILS", default=""), backend=EMAIL_BACKEND, base_url=BASE_URL)
# Whether this is one's own machine, from which no mail leaves: `show_code` works there without the page of mails too.
IS_OWN_MACHINE = check_shows_mails("on", backend=EMAIL_BACKEND, base_url=BASE_URL)
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default=f"redress@{urlsplit(BASE_URL).hostname}")
EMAIL_SUBJECT_PREFIX = ""
HISTORY_CHECKPOINTS = env("HISTORY_CHECKPOINTS", default=str(VAR_DIR / "history" / "checkpoints.log"))
# Who was erased, for `replay_erasures`: keep a copy where the backups are not.
ERASURES_LOG = env("ERASURES_LOG", default=str(Path(HISTORY_CHECKPOINTS).with_name("erasures.log")))
MEDIA_ROOT = env("MEDIA_ROOT", default=str(VAR_DIR / "media"))

# How many claims and files somebody of the office opens in a day, how often they uncover own words, and how many
# files of an action they download, before they have to confirm who they are; twice as many is the end of the day.
READS_PER_DAY = {
    "claims": env.int("READS_PER_DAY", default=400),
    "words": env.int("REVEALS_PER_DAY", default=60),
    "exports": env.int("EXPORTS_PER_DAY", default=30),
    "roles": 3,  # refused since the person has a claim: a slip or two, and nobody asks for address after address
}

# Files of claimants. Photos of phones have 3 to 12 MB and scans of letters less; a person's whole data download has
# no place here. Beyond
# these limits files are read and thrown away with a sentence; beyond that of a request they are not even read.
EVIDENCE_FILE_BYTES = 20 << 20
EVIDENCE_FILES = 20
EVIDENCE_TOTAL_BYTES = 100 << 20
UPLOAD_REQUEST_BYTES = 200 << 20
FILE_UPLOAD_HANDLERS = ["claims.base.uploads.LimitedUploadHandler"]
CLAMD_URL = env("CLAMD_URL", default="")
if CLAMD_URL:
    check_url("CLAMD_URL", CLAMD_URL, ("unix", "tcp"))
CLAMD_SECONDS = 10  # for one file; a scanner that takes longer is asked again later

# People sign in by e-mail. Accounts are made by registration or by the office, never by a sign-up form.
PASSWORD_RESET_TIMEOUT = 24 * 3600
AUTH_USER_MODEL = "claims.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # only we make accounts, with an address that was verified before
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # mails wait in a queue, and some mail servers let strangers wait longer
# Not allauth's own, which asks the database only where there is an account: that takes longer.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_PREVENT_ENUMERATION = ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # every address gets the same page and one mail
# By single address, where a mobile network has thousands of people, and by account ("key"). Limits by block are ours.
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "30/m/ip",  # by account and block: claims/guessing.py
    "request_login_code": "60/m/ip,3/m/key,10/h/key",
    "reset_password": "60/m/ip,3/m/key,10/h/key",
    "reset_password_from_key": "60/m/ip",
}
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "config.accounts.LoginForm", "reauthenticate": "config.accounts.ReauthenticateForm"}

# Second factors of the office (config/factors.py). Passkeys ask for a finger or PIN, so one alone is two factors.
MFA_ADAPTER = "config.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds: clocks of phones are not exact
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # only we make accounts; the first code has shown who reads the address
MFA_RATE_LIMITS = {"webauthn_login": "60/m/ip"}
MFA_FORMS = {
    "authenticate": "config.factors.AuthenticateForm",
    "reauthenticate": "config.factors.ReauthenticateForm",
    "activate_totp": "config.factors.ActivateTOTPForm",
    "add_webauthn": "config.factors.AddPasskeyForm",
}

# Machines at the start form. A device tries half of these on average: about a second, three on an old phone.
PROOF_TRIES = env.int("PROOF_TRIES", default=3000)
# How long the mail waits for people whose browser could not prove anything: without a script, for example.
UNPROVEN_WAIT = timedelta(seconds=env.int("UNPROVEN_WAIT_SECONDS", default=60))

# Sessions and transport (TRUST: the cookie names bind them to this host).
SESSION_COOKIE_NAME = "__Host-session" if IS_HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if IS_HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# Not "Strict": a link in a mail opens the page as who one is, and leaves the form in another tab its token.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 63072000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
# Not "no-referrer": browsers then send `Origin: null`, and no form passes the CSRF check. Others still get nothing.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Limits count people by address. Whoever is asked directly must not believe a header that anyone can send.
PROXY_COUNT = ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
if BEHIND_PROXY:  # only a proxy that overwrites the header may be believed
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [NONCE, "'strict-dynamic'"],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF],  # static/proof.js
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "require-trusted-types-for": ["'script'"],
        "report-uri": ["/csp-report/"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", _("English")),
    ("de", _("German")),
    ("fr", _("French")),
    ("es", _("Spanish")),
    ("it", _("Italian")),
    ("nl", _("Dutch")),
    ("pl", _("Polish")),
    ("el", _("Greek")),
]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Europe/Vienna"  # times are stored in UTC and shown in the time of the court
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

REST_FRAMEWORK = {
    "DEFAULT_PERMISSION_CLASSES": ["config.permissions.DenyAll"],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
    ],
    "NUM_PROXIES": PROXY_COUNT,
    "DEFAULT_THROTTLE_RATES": {"anon": "120/min", "user": "600/min"},
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Redress",
    "DESCRIPTION": "Collective actions, the claims in them and the jobs that work on them.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"class": "config.logs.LineFormatter", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": check_log_level(env("LOG_LEVEL", default="WARNING"))},
    # The path of a request can hold a reference: log that something failed, not where a person was.
    "loggers": {
        "psycopg.pool": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
