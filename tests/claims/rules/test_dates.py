"""Days that cannot both be right are found from either side; days that are unknown never clash."""

from datetime import date

import pytest

from claims.rules.dates import Clash, Order

ORDER = Order({"closed": ["opened"]})
EARLY, LATE = date(2010, 1, 1), date(2020, 1, 1)


@pytest.mark.parametrize(
    ("name", "day", "known", "clash"),
    [
        ("closed", EARLY, {"opened": LATE}, Clash("opened", LATE, is_before=True)),
        ("opened", LATE, {"closed": EARLY}, Clash("closed", EARLY, is_before=False)),
        ("opened", EARLY, {"birth_date": LATE}, Clash("birth_date", LATE, is_before=True)),
        ("birth_date", LATE, {"opened": EARLY}, Clash("opened", EARLY, is_before=False)),
        ("closed", EARLY, {"opened": EARLY}, None),
        ("closed", EARLY, {"objected": LATE}, None),
        ("closed", EARLY, {"closed": LATE}, None),
        ("birth_date", EARLY, {}, None),
    ],
)
def test_a_day_is_held_against_the_others(name, day, known, clash):
    assert ORDER.find_clash(name, day, known) == clash
