"""Which files a filing has, and their neutral names."""

from documents.models import Filing

# The order in which a court reads them; the same in every filing, so that several lie in one folder without a clash.
PLACES = {Filing.Kind.STATEMENT: 1, Filing.Kind.REGISTER: 2, Filing.Kind.REPORT: 3, Filing.Kind.ANNEX: 4}


def list_files(kind: str, volumes: int) -> list[str]:
    """Return the names of the files of a filing, in order: no name, no case, nothing of a person in them."""
    stem = f"{PLACES[Filing.Kind(kind)]:02}-{kind}"
    if kind != Filing.Kind.REGISTER:
        return [f"{stem}.pdf"]
    return [f"{stem}-vol-{volume:02}-of-{volumes:02}.pdf" for volume in range(1, volumes + 1)]
