"""What speaks for a machine behind a start form, in points. Nothing here refuses anybody: it says who is looked at.

The points are chosen so that no single sign holds a claim, and no pair that an honest person can give by chance
without a script (no proof, many neighbours) does either.
"""

import ipaddress
from collections.abc import Iterable

NO_PROOF = "no_proof"  # no script, or it did not end: slower, and no more than that
OLD_PROOF = "old_proof"  # the page stood open for hours
USED_PROOF = "used_proof"  # also who goes back in the browser and sends again
FORGED_PROOF = "forged_proof"  # nobody does this by chance
NO_PAGE = "no_page"  # the form was sent without our page ever having been asked for
TOO_FAST = "too_fast"  # sent sooner than anyone types an address
TRAP = "trap"  # the field that nobody sees was filled in
STANDS_ELSEWHERE = "stands_elsewhere"  # no sign of a machine: found when the claim is made, and gives no points
BUSY_BLOCK = "busy_block"  # much comes from the same part of the net; also from a mobile network after the news

POINTS = {
    NO_PROOF: 2, OLD_PROOF: 2, USED_PROOF: 2, FORGED_PROOF: 4, NO_PAGE: 3, TOO_FAST: 3, TRAP: 4, BUSY_BLOCK: 2,
}  # fmt: skip
HELD_FROM = 5
LEAST_SECONDS = 2.0
UNPROVEN = frozenset({NO_PROOF, OLD_PROOF, USED_PROOF, FORGED_PROOF, NO_PAGE})


def add_points(reasons: Iterable[str]) -> int:
    """Return the score of some reasons, each counted once; names that are no longer known count nothing."""
    return sum(POINTS.get(reason, 0) for reason in set(reasons))


def is_to_hold(score: int | None) -> bool:
    """Whether a person looks at the claim before it counts."""
    return (score or 0) >= HELD_FROM


def is_unproven(reasons: Iterable[str]) -> bool:
    """Whether no good proof of work came with the form."""
    return not UNPROVEN.isdisjoint(reasons)


def find_block(address: str) -> str:
    """Return the block of an IP address that one network usually gives out together: /24, or /48 of IPv6.

    An IPv4 address inside an IPv6 one is the IPv4 address. What is no address (a socket of this machine) is "local".
    """
    try:
        parsed = ipaddress.ip_address(address.strip().strip("[]").partition("%")[0])
    except ValueError:
        return "local"
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 48), strict=False))
