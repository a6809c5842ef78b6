"""From the sum awarded to what is left, in whole cents (SCENARIOS, section 2).

`total + shortfall = costs + fee + net` holds to the cent in every draw: total, costs and fee are rounded, net and
shortfall come by subtraction. A shortfall is borne by funder or organisation, never by claimants.
"""

import numpy as np
from numpy.typing import NDArray

from redress.rules.distributions import Floats

Cents = NDArray[np.int64]
LARGEST = 2.0**53  # cents; above, float64 no longer knows every cent


def round_cents(euros: Floats) -> Cents:
    """Return euros as cents, half to even. Raises OverflowError above 90 trillion euros."""
    cents = np.rint(euros * 100)
    if cents.size and not abs(cents).max() <= LARGEST:  # so that what is no number is caught too
        raise OverflowError("a draw is above 90 trillion euros; lower the award, or give it a cap")
    return cents.astype(np.int64)


def compute_fee(after: Floats, capped: Floats, *, share: float, least: float) -> Floats:
    """Return the funder's fee: the larger of a share of what is left and a multiple of the outlay, capped twice.

    `share` is of what is left after costs, not of the award. `capped` is the sum over the states of the largest share
    of the award that may go into the fee; the fee is never more than what is left.
    """
    return np.minimum(np.minimum(np.maximum(share * after, least), capped), after)


def split_total(total: Cents, costs: Cents, fee: Cents) -> tuple[Cents, Cents, Cents]:
    """Return (fee, net, shortfall); the fee gives way where rounding would make it larger than what is left."""
    after = np.maximum(total - costs, 0)
    fee = np.minimum(fee, after)
    return fee, after - fee, np.maximum(costs - total, 0)
