"""All settings, from the environment only (or a `.env` file beside manage.py); nothing is guessed."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()
env.read_env(str(BASE_DIR / ".env"))

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", False)
HTTPS = env.bool("HTTPS", True)
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS")
SITE_URL = env.url("SITE_URL").geturl().rstrip("/")  # printed in PDFs, so that paper leads back
DEMO = env.bool("DEMO", False)  # says on the sign-in page who can try what

INSTALLED_APPS = [
    "observations",
    "impact_app.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "impact_app.middleware.no_nul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "impact_app.middleware.SignedInOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "impact_app.middleware.second_factor",
    "impact_app.middleware.private_pages",
]

ROOT_URLCONF = "impact_app.urls"
WSGI_APPLICATION = "impact_app.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "impact_app.templates.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "impact_app.context_processors.application",
            ],
        },
    },
]

DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # DELETE, not WAL: SQLite 3.40 has the WAL-reset bug. FULL: an acknowledged save survives.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=DELETE; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 3, "options": "-c lock_timeout=5000"}
    if env.bool("SERVES_PAGES", False):  # gunicorn says so; a command takes the time it needs
        DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
        DATABASES["default"]["OPTIONS"] |= {
            "options": "-c lock_timeout=5000 -c statement_timeout=15000",
            "pool": {  # for each process
                "min_size": 1,
                "max_size": 20,
                "timeout": 5,
                # When PostgreSQL restarts, all of them are dead. One that nobody uses leaves every
                # 0.2 s, so twenty within 4 s; and none is asked for again for longer than 2 s, since
                # each attempt waits twice as long as the one before.
                "max_idle": 0.2,
                "reconnect_timeout": 2,
            },
        }

# Shared by the processes, or sign-in could be tried once per process: see ACCOUNT_RATE_LIMITS.
CACHES = {"default": env.dj_cache_url("CACHE_URL", "db://effets_cache")}

WORKERS = env.int("WORKERS", 2)  # processes of `manage.py work`

AUTH_USER_MODEL = "observations.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
CSRF_FAILURE_VIEW = "observations.views.errors.csrf_failure"
ACCOUNT_ADAPTER = "impact_app.accounts.Accounts"
ACCOUNT_FORMS = {
    "login": "impact_app.accounts.LoginForm",
    "add_email": "impact_app.accounts.AddEmailForm",
    "request_login_code": "impact_app.accounts.RequestLoginCodeForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "impact_app.accounts.display_name"
# An address is its owner's once a code mailed there was typed: see services/accounts.py. Signing in
# by password does not wait for it (impact_app/accounts.py), joining a site does.
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_CHANGE_EMAIL = True  # an account has one address
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "public_home"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/15m/key,100/15m/ip"}

MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_FORMS = {
    "login_webauthn": "impact_app.accounts.LoginPasskeyForm",
    "authenticate_webauthn": "impact_app.accounts.AuthenticatePasskeyForm",
    "reauthenticate_webauthn": "impact_app.accounts.ReauthenticatePasskeyForm",
}
MFA_TOTP_ISSUER = "Effets"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS
MFA_REQUIRED = env.bool("MFA_REQUIRED", not DEMO)  # for those who see every site, or the admin

LANGUAGE_CODE = "fr"
LOCALE_PATHS = [BASE_DIR / "impact_app/locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True

EMAIL_CONFIG = env.dj_email_url("EMAIL_URL", "console://")
vars().update({k: v for k, v in EMAIL_CONFIG.items() if k.startswith("EMAIL_")})
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Effets <ne-pas-repondre@localhost>")

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(BASE_DIR / "media")))  # never served by URL
STORAGES: dict[str, dict[str, Any]] = {
    # A name says what is in the file (a hash, a batch's id): written twice, it is the same file.
    "default": {"BACKEND": "impact_app.storage.Files", "OPTIONS": {"allow_overwrite": True}},
    "staticfiles": {"BACKEND": "impact_app.storage.StaticFiles"},
}

if bucket := env.str("S3_BUCKET", ""):  # any S3-compatible storage; keys as boto3 reads them
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.str("S3_ENDPOINT", "") or None,
            "region_name": env.str("S3_REGION", "") or None,
            "default_acl": None,
            "file_overwrite": True,  # a file is whole before it has its name
        },
    }

CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if env.bool("BEHIND_PROXY", False):  # one, ours, which says who asks in X-Forwarded-For
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
