"""What a caged process answers: one line that describes the copy, and the copy."""

import json
from dataclasses import asdict, dataclass


class Unfit(Exception):
    """No copy can be made of this file; `reason` is a value of `Evidence.Reason`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Copy:
    """A copy, what kind of file it is, and how big: pages of a PDF, pixels of a picture."""

    kind: str
    data: bytes
    pages: int | None = None
    width: int | None = None
    height: int | None = None


def pack(copy: Copy) -> bytes:
    """Return a copy as bytes for the way out of the cage."""
    return json.dumps({**asdict(copy), "data": ""}).encode() + b"\n" + copy.data


def pack_reason(error: Unfit) -> bytes:
    """Return why there is no copy, as bytes for the way out of the cage."""
    return json.dumps({"reason": error.reason}).encode() + b"\n"


def unpack(answer: bytes) -> Copy:
    """Return the copy in an answer. Raises Unfit with the reason where there is none; trusts nothing else in it."""
    line, _, data = answer.partition(b"\n")
    try:
        told = json.loads(line)
        if "reason" in told:
            raise Unfit(str(told["reason"]))
        numbers = {name: told[name] and int(told[name]) for name in ("pages", "width", "height")}
        return Copy(kind=str(told["kind"]), data=data, **numbers)
    except (ValueError, KeyError, TypeError):
        raise Unfit("broken") from None
