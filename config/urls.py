"""Every address there is. Tests hold a table of who may ask for which (tests/claims/views)."""

from allauth.account import urls as account_urls
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as paper
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path
from django.views.generic import RedirectView

from config import api
from config.accounts import limit_page
from config.factors import for_office, keep_one
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

FACTORS = [
    path("", for_office(factors.index), name="mfa_index"),
    path("enter/", factors.authenticate, name="mfa_authenticate"),
    path("confirm/", for_office(factors.reauthenticate), name="mfa_reauthenticate"),
    path("app/", for_office(app.activate_totp), name="mfa_activate_totp"),
    path("app/remove/", for_office(keep_one(app.deactivate_totp)), name="mfa_deactivate_totp"),
    path("codes/", for_office(paper.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("codes/new/", for_office(paper.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("passkeys/", RedirectView.as_view(pattern_name="mfa_index"), name="mfa_list_webauthn"),
    path("passkeys/add/", for_office(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/enter/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/confirm/", for_office(passkeys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/remove/", for_office(keep_one(passkeys.remove_webauthn)), name="mfa_remove_webauthn"),
]

handler429 = "config.errors.answer_too_many"  # allauth asks for it
handler500 = "config.errors.answer_error"
urlpatterns = [
    path("", include("claims.urls")),
    path("", include("documents.urls")),
    path("", include("redress.urls")),
    path("accounts/", include([limit_page(page) for page in account_urls.urlpatterns if page.name in SIGN_IN])),
    path("accounts/factors/", include([limit_page(page) for page in FACTORS])),
    path("language/", include("django.conf.urls.i18n")),
    path("api/v1/", include(api.urlpatterns)),
    path("health/", health, name="health"),
    path("csp-report/", count_csp_report, name="csp-report"),
    path("metrics", metrics, name="metrics"),
]
