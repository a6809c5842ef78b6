from django.urls import path

from documents.views import certificates, filings, own_data

app_name = "documents"
urlpatterns = [
    path("my/data/", own_data.show, name="own-data"),
    path("my/data.json", own_data.send_json, name="own-data-json"),
    path("my/data.pdf", own_data.send_pdf, name="own-data-pdf"),
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
    path("workspace/<slug:slug>/filings/", filings.list_filings, name="filings"),
    path("workspace/<slug:slug>/filings/<uuid:code>/", filings.show_filing, name="filing"),
    path("workspace/<slug:slug>/filings/<uuid:code>/all.zip", filings.send_bundle, name="filing-bundle"),
    path("workspace/<slug:slug>/filings/<uuid:code>/files/<str:name>", filings.send_file, name="filing-file"),
    path("workspace/<slug:slug>/filings/<uuid:code>/resume/", filings.resume_filing, name="resume-filing"),
    path("workspace/<slug:slug>/filings/<uuid:code>/correct/", filings.correct_filing, name="correct-filing"),
    path("workspace/<slug:slug>/filings/<uuid:code>/verify/", filings.verify_filing, name="verify-filing"),
    path("verify/", certificates.ask, name="verify"),
    path("verify/<str:code>/", certificates.check, name="verify-code"),
]
