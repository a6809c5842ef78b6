from django.urls import path

from redress.views import scenarios

app_name = "redress"
urlpatterns = [
    path("workspace/<slug:slug>/scenarios/", scenarios.list_scenarios, name="scenarios"),
    path("workspace/<slug:slug>/scenarios/<slug:name>/", scenarios.show_scenario, name="scenario"),
    path("workspace/<slug:slug>/scenarios/<slug:name>/run/", scenarios.run_scenario, name="run-scenario"),
    path("workspace/<slug:slug>/runs/<uuid:code>/", scenarios.show_run, name="run"),
    path("workspace/<slug:slug>/runs/<uuid:code>/<slug:picture>.svg", scenarios.show_picture, name="picture"),
]
