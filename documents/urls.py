from django.urls import path

from documents.views import certificates

app_name = "documents"
urlpatterns = [
    path("my/claims/<str:reference>/certificate/", certificates.show_own, name="certificate"),
    path("my/claims/<str:reference>/certificate.pdf", certificates.send_own, name="certificate-file"),
    path(
        "workspace/<slug:slug>/claims/<str:reference>/certificate/",
        certificates.show_in_office,
        name="workspace-certificate",
    ),
    path(
        "workspace/<slug:slug>/claims/<str:reference>/certificate.pdf",
        certificates.send_in_office,
        name="workspace-certificate-file",
    ),
    path("verify/", certificates.ask, name="verify"),
    path("verify/<str:code>/", certificates.check, name="verify-code"),
]
