"""One settings module; what differs between places comes from the environment (env.py)."""

from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from core import logs

from . import description, env

env.refuse_unknown()

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(env.text("PUG_VAR") or BASE_DIR / "var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

# -- The place -----------------------------------------------------------------
PUG_REGENCY = env.text("PUG_REGENCY", "64.01")
MONTH_GOAL = env.whole("PUG_MONTH_GOAL", 4)  # records asked of a village each month: one a week
REPORT_DAY = env.day_of_month("PUG_REPORT_DAY", 10)  # of the next month: until then it is in time
PUG_DEMO = env.flag("PUG_DEMO")
PHONE_KILL = env.flag("PUG_PHONE_KILL")  # docs/decisions/0008-phone.md: takes the worker away
DEBUG = env.flag("PUG_DEBUG")

SECRET_KEY = env.secret("PUG_SECRET_KEY") or ("unsafe-for-development-only" if DEBUG else "")
SECRET_KEY_FALLBACKS = env.words("PUG_SECRET_KEY_FALLBACKS")
if not DEBUG and len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "PUG_SECRET_KEY is missing or shorter than 50 characters. Make one with: "
        'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
    )

LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
ALLOWED_HOSTS = LOOPBACK if PUG_DEMO or DEBUG else env.words("PUG_ALLOWED_HOSTS")
CSRF_TRUSTED_ORIGINS = env.words("PUG_CSRF_TRUSTED_ORIGINS")
TRUSTED_PROXIES = env.whole("PUG_TRUSTED_PROXIES", 0)
#: What letters and messages call the portal; a page knows its own address.
SITE_ADDRESS = env.address(
    "PUG_ADDRESS",
    "http://127.0.0.1:8000" if ALLOWED_HOSTS in ([], LOOPBACK) else f"https://{ALLOWED_HOSTS[0]}",
)

#: Whom security.txt names: mailto:… or https://… (RFC 9116).
SECURITY_CONTACT = env.contact("PUG_SECURITY_CONTACT", SITE_ADDRESS)

# -- The house -----------------------------------------------------------------
INSTALLED_APPS = [
    "dashboards",
    "indicators",
    "planning",
    "mou",
    "programs",
    "accounts",
    "villages",
    "core",
    "pug_portal.reference.ReferenceAdmin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_tasks",
    "django_tasks_db",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "rest_framework",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.asking.AskingMiddleware",
    "core.request_log.RequestLogMiddleware",
    "core.headers.HeadersMiddleware",
    "core.middleware.DemoStaysHereMiddleware",
    "core.api.ApiOverHttpsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pages for weak signal; tokens in them are masked
    "csp.middleware.CSPMiddleware",
    "core.maintenance.MaintenanceMiddleware",  # safe headers above it, no question below
    "core.middleware.OpenPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "core.middleware.IndonesianFirstMiddleware",
    "core.addresses.ReadableMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "accounts.middleware.SessionLimitsMiddleware",
    "accounts.middleware.AskerMiddleware",
    "accounts.pace.PaceMiddleware",
    "accounts.middleware.SecondFactorMiddleware",
    "accounts.authentication.KeysMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.PrivatePagesMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "pug_portal.urls"
WSGI_APPLICATION = "pug_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "dashboards.context.portal",
            ],
            "builtins": ["django.templatetags.i18n", "core.templatetags.pug"],
        },
    }
]
FORM_RENDERER = "core.forms.PortalFormRenderer"

# -- Data ----------------------------------------------------------------------
DATABASES = {"default": env.database(env.secret("DATABASE_URL"), VAR_DIR / "pug.sqlite3")}
DATA_DIR = BASE_DIR / "data"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000  # bytes; api.md section 1
DATA_UPLOAD_MAX_NUMBER_FIELDS = 4_000  # one box for each village of a program, and to spare
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
#: What `manage.py serve` runs beside the web server, by the name it is called in messages.
SERVE_BESIDE = {
    "background worker": ["db_worker", "--no-reload"],
    "keeper of duties": ["tend"],
}
#: Recurring duties of apps above programs, for `manage.py tend`.
DUTIES_ABOVE = ["planning.duties.settle", "planning.duties.remind", "mou.duties.remind"]
#: Asked before a program gets another owner: does anything hang on it that is the owner's?
OWNER_KEPT_BY = ["planning.waiting.has_plans"]
#: What else waits on the first page of who records (programs/phone/tasks.py).
HOME_TASKS = ["indicators.waiting.returned_to"]
#: Lists that come in as sheets (programs/intake.py).
INTAKES = ["mou.intakes.ALL", "indicators.intakes.ALL"]
#: Tables whose rows PostgreSQL itself keeps to those of who asks (accounts/row_security.py).
ROW_SECURITY = ["programs.row_security.POLICIES", "indicators.row_security.POLICIES"]
#: What each table holds and which columns leave the portal never (core/database_roles.py).
DATA_CLASSES = "pug_portal.data_classes.CLASSES"
SECRET_FIELDS = "pug_portal.data_classes.SECRET_FIELDS"  # noqa: S105  names of columns
CLAMD = env.text("PUG_CLAMD")  # the virus scanner: a socket's path or host:port
WEBHOOKS_TO_LOOPBACK = PUG_DEMO or DEBUG  # a receiver on this machine, on plain http

# -- Letters -------------------------------------------------------------------
globals().update(env.mail(env.secret("PUG_EMAIL_URL")))
DEFAULT_FROM_EMAIL = env.text("PUG_EMAIL_FROM", "Portal PUG <pug@localhost>")

#: Where the head of the audit chain goes every day (core/heads.py).
AUDIT_HEADS = env.text("PUG_AUDIT_HEADS")
AUDIT_MAIL = env.words("PUG_AUDIT_MAIL")

# -- Language, time ------------------------------------------------------------
LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["core.locales"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Makassar"  # WITA; stored as UTC

# -- People --------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "accounts.backends.PersonBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {"NAME": "accounts.passwords.CommonValidator"},
    {"NAME": "accounts.passwords.LocalWordsValidator"},
    *([{"NAME": "accounts.passwords.MixedValidator"}] if env.flag("PUG_PASSWORD_BSSN") else []),
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "core:home"
LOGOUT_REDIRECT_URL = "accounts:login"
OTP_TOTP_ISSUER = "Portal PUG"
OTP_LOGIN_URL = "accounts:second-factor"
SECOND_FACTOR_ASKED = not PUG_DEMO  # of office roles; the demo's password is public anyway

# Delays grow per account, never per address: the phones of a village share one (trust.md C5).
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # asks for the address; see the line above
AXES_CLIENT_IP_CALLABLE = "core.origin.address_of"
AXES_HANDLER = "accounts.lockout.GrowingDelays"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(days=1)  # how long wrong tries are remembered; the wait is ours
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # trying while it waits changes nothing
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "accounts.lockout.answer"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "password",
    "old_password",
    "new_password1",
    "new_password2",
    "csrfmiddlewaretoken",
]

# -- Safety of every answer (trust.md C1) --------------------------------------
SECURE = not (DEBUG or PUG_DEMO)  # the demo serves plain http on loopback only
SECURE_SSL_REDIRECT = SECURE
SECURE_REDIRECT_EXEMPT = [r"^healthz/$", r"^readyz/$", r"^api/"]  # the API answers 403 instead
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE
SECURE_HSTS_PRELOAD = SECURE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-sessionid" if SECURE else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE else "csrftoken"
LANGUAGE_COOKIE_NAME = "__Host-language" if SECURE else "django_language"
MESSAGE_COOKIE_NAME = "__Host-messages" if SECURE else "messages"  # core/notices.py
MESSAGE_STORAGE = "core.notices.NoticeStorage"
KNOWN_COOKIE_NAME = "__Host-known" if SECURE else "known"  # accounts/known.py
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60  # until accounts.middleware.SessionLimitsMiddleware decides
CSRF_FAILURE_VIEW = "core.trouble.csrf_failed"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": ["/csp/"],
    }
}

# -- Static files --------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "core.staticfiles.JoiningStaticFilesStorage"
    },
}
#: What pages load at once, made one file each by collectstatic: sheets in their order, and a script
#: by the module it begins with.
PACKED = {
    "css/portal.css": [
        *("css/tokens.css", "css/base.css", "css/frame.css", "css/components.css"),
        *("css/data.css", "css/rows.css", "css/forms.css", "css/phone.css", "css/record.css"),
        "css/phone-counter.css",
        *("css/drawings.css", "css/print.css"),
    ],
    # What only the offices' and the public's pages load beside it.
    "css/office.css": [
        "css/board.css",
        "css/reporting.css",
        "css/maps.css",
        "css/public.css",
        "css/drill.css",
        "css/more-boards.css",
        "css/health.css",
        "css/audit.css",
        "css/exports.css",
        "css/reports.css",
        "css/reports-screen.css",
        "css/webhooks.css",
        "css/planning-binder.css",
        "css/planning-writing.css",
        "css/planning-review.css",
        "css/planning-statements.css",
        "css/indicators-indices.css",
        "css/mou-duties.css",
        "css/mou-institutions.css",
        "css/indicators-seats.css",
        "css/indicators-cards.css",
    ],
    "js/phone.js": "js/phone/main.js",
}
# Maps for debuggers are large and rarely asked for: packing them took most of collectstatic.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "jpg", "jpeg", "webp", "gif", "gz", "br"]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
MEDIA_ROOT = VAR_DIR / "media"

# -- Backup (core/backups) -----------------------------------------------------
BACKUP_DIR = env.text("PUG_BACKUP_DIR")
BACKUP_RECIPIENTS = env.text("PUG_BACKUP_RECIPIENTS")
BACKUP_SECOND = env.text("PUG_BACKUP_SECOND")
#: How a URL becomes an entry of DATABASES, for `manage.py restore --into`.
DATABASE_OF = "pug_portal.env.database"
#: What has to be done to a database that came from elsewhere.
AFTER_RESTORE = ["programs.services.changes.renumber", "core.chain.seal"]
#: nginx sends what is kept there, after the view has checked the rights (core/stored.py).
ACCEL = env.flag("PUG_ACCEL")

# -- REST ----------------------------------------------------------------------
PAGES_PER_MINUTE = env.whole("PUG_PAGES_PER_MINUTE", 600)  # of one person (accounts/pace.py)
API_CALLS_PER_MINUTE = env.whole("PUG_API_PER_MINUTE", 600)  # of one key; a batch is one call
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.authentication.TokenAuthentication",
        "accounts.authentication.PageAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [
        "rest_framework.permissions.IsAuthenticated",
        "accounts.authentication.TokenScope",
    ],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.BoundedJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "core.negotiation.NamedFormats",
    "DEFAULT_SCHEMA_CLASS": "pug_portal.schema.PortalSchema",
    "DEFAULT_THROTTLE_CLASSES": ["accounts.limits.KeyLimit"],
    "DEFAULT_METADATA_CLASS": None,  # OPTIONS: the schema says it all
    "DEFAULT_PAGINATION_CLASS": "core.api.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["core.api.StrictFilterBackend"],
    "EXCEPTION_HANDLER": "core.api.problem_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "NUM_PROXIES": TRUSTED_PROXIES,
}
SPECTACULAR_SETTINGS = description.SETTINGS

# -- Operations (docs/operations.md) --------------------------------------------
LOG_FORM = env.one_of("PUG_LOG", ("json", "text"), "text" if DEBUG or PUG_DEMO else "json")
LOGGING = logs.configuration(
    LOG_FORM,
    [
        *(SECRET_KEY, *SECRET_KEY_FALLBACKS),
        *(str(DATABASES["default"].get("PASSWORD", "")), globals().get("EMAIL_HOST_PASSWORD", "")),
    ],
)
METRICS_EVERY = 10  # seconds that a process counts before it adds to the database
NIGHTLY_WORK = not (DEBUG or PUG_DEMO)  # timers run at night: what they leave must not be old
#: Since when something waits in the queues of apps above core (core/marks.py).
QUEUES = ["programs.waiting.sheets", "programs.webhooks.sending.due_since"]
