"""Every address there is. Tests hold a table of who may ask for which (tests/claims/views)."""

from allauth.account import urls as account_urls
from django.urls import include, path

from config import api
from config.accounts import limit_page
from config.health import health, metrics
from config.reports import count_csp_report

# Of allauth only what we show: people cannot change the address that their account was made for.
SIGN_IN = {
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}

handler429 = "config.errors.answer_too_many"  # allauth asks for it
handler500 = "config.errors.answer_error"
urlpatterns = [
    path("", include("claims.urls")),
    path("", include("documents.urls")),
    path("", include("redress.urls")),
    path("accounts/", include([limit_page(page) for page in account_urls.urlpatterns if page.name in SIGN_IN])),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", include(api.urlpatterns)),
    path("health/", health, name="health"),
    path("csp-report/", count_csp_report, name="csp-report"),
    path("metrics", metrics, name="metrics"),
]
