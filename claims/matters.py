"""Which matter an action stands in: who sues the same trader for the same cause is in the same one."""

from collections.abc import Collection

from claims.models import Matter
from claims.rules.duplicates.folding import fold_text


def find_matter(trader: str, cause_of_action: str, *, besides: Collection[Matter] = ()) -> Matter | None:
    """Return the matter with actions about this trader, however it is written, and this cause; the oldest first.

    In two matters one person could stand twice (Directive (EU) 2020/1828, Article 9(4)). All matters of this cause
    stay locked until the transaction ends, so that two people at once do not make two.
    """
    alike = Matter.objects.filter(cause_of_action=cause_of_action).order_by("pk")
    list(alike.select_for_update(no_key=True))
    used = alike.filter(actions__isnull=False).distinct()
    same = (matter for matter in used if fold_text(matter.trader) == fold_text(trader))
    return next((matter for matter in same if matter not in besides), None)
