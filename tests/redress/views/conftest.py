"""The same cast as on the pages of claims."""

from tests.claims.views.conftest import people, scenario_run, visit

__all__ = ["people", "scenario_run", "visit"]
