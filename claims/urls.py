from django.urls import path

from claims.views import (
    demo,
    evidence,
    portal,
    registering,
    registration,
    registration_evidence,
    workspace,
    workspace_claims,
    workspace_jobs,
    workspace_quarantine,
)

app_name = "claims"
urlpatterns = [
    path("", portal.show_home, name="home"),
    path("actions/<slug:slug>/", portal.show_action, name="action"),
    path("actions/<slug:slug>/check/", portal.check_action, name="check"),
    path("actions/<slug:slug>/register/", registering.start, name="register"),
    path("actions/<slug:slug>/register/code/", registering.enter_code, name="register-code"),
    path("actions/<slug:slug>/register/link/<str:token>/", registering.open_link, name="register-link"),
    path("actions/<slug:slug>/register/evidence/", registration_evidence.show_evidence, name="register-evidence"),
    path(
        "actions/<slug:slug>/register/evidence/add/", registration_evidence.add_evidence, name="register-evidence-add"
    ),
    path(
        "actions/<slug:slug>/register/evidence/<uuid:code>/remove/",
        registration_evidence.remove_evidence,
        name="register-evidence-remove",
    ),
    path("actions/<slug:slug>/register/declarations/", registration.declare, name="register-declarations"),
    path("actions/<slug:slug>/register/check/", registration.check, name="register-check"),
    path("actions/<slug:slug>/register/stopped/", registration.show_stopped, name="register-stopped"),
    path("actions/<slug:slug>/register/<slug:step>/", registration.answer, name="register-step"),
    path("my/sent/<str:reference>/", registration.show_sent, name="sent"),
    path("my/", portal.show_my_claims, name="my"),
    path("demo/mails/", demo.show_mails, name="demo-mails"),
    path("my/evidence/<uuid:code>/", evidence.send_own, name="evidence-copy"),
    path("workspace/", workspace.show_actions, name="workspace"),
    path("workspace/<slug:slug>/", workspace.show_overview, name="workspace-overview"),
    path("workspace/<slug:slug>/screen/", workspace.screen_claims, name="workspace-screen"),
    path("workspace/<slug:slug>/rules/", workspace.show_rules, name="workspace-rules"),
    path("workspace/<slug:slug>/claims/", workspace_claims.list_claims, name="workspace-claims"),
    path("workspace/<slug:slug>/claims/<str:reference>/", workspace_claims.show_claim, name="workspace-claim"),
    path("workspace/<slug:slug>/quarantine/", workspace_quarantine.show_held, name="workspace-quarantine"),
    path(
        "workspace/<slug:slug>/claims/<str:reference>/release/", workspace_quarantine.release, name="workspace-release"
    ),
    path("workspace/<slug:slug>/evidence/<uuid:code>/", evidence.send_in_office, name="workspace-evidence-copy"),
    path("workspace/<slug:slug>/jobs/", workspace_jobs.list_jobs, name="workspace-jobs"),
    path("workspace/<slug:slug>/jobs/<uuid:code>/", workspace_jobs.show_job, name="workspace-job"),
    path("workspace/<slug:slug>/jobs/<uuid:code>/cancel/", workspace_jobs.cancel_job, name="workspace-cancel"),
]
