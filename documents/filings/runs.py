"""Which run of a scenario a filing rests on, and what it says for a single claimant."""

from django.utils.translation import gettext as _

from claims.base.errors import Refused
from claims.models import Action
from documents.models import Filing
from redress.models import ScenarioRun
from redress.scenarios import find_latest_run

DEFAULT = "base"


def find_run(action: Action, kind: str, name: str = "") -> ScenarioRun | None:
    """Return the newest finished run of a scenario, the one called `base` where none is named; None where none is.

    Raises Refused where the named one has none, where the kind of filing cannot be without, and where it takes none.
    """
    if kind == Filing.Kind.REPORT:
        if name:
            raise Refused(_("an eligibility report rests on no scenario; leave the scenario out"))
        return None
    run = find_latest_run(action, name or DEFAULT)
    if run is None and (name or kind == Filing.Kind.ANNEX):
        raise Refused(_("the scenario `{name}` has no finished run; run it first").format(name=name or DEFAULT))
    return run
