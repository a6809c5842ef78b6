"""Every address x method x person against the expected table: what one may not see does not exist, and nothing is new.

The world is built once for all; each request is taken back, so none changes what the next one finds.
"""

import os

import pytest
from django.db import transaction
from django.urls import URLPattern, get_resolver, reverse

from tests.access_table import ACCESS, PEOPLE
from tests.access_world import make_world

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
# Who has most to lose and most to gain. The whole table, every method by everybody, is walked with REQUIRE_ALL=1.
SOME = {"anonymous", "stranger", "owner", "lawyer", "neighbour"}
ASKED = (
    dict.fromkeys(METHODS, PEOPLE)
    if os.environ.get("REQUIRE_ALL")
    else dict.fromkeys(METHODS, SOME) | {"get": PEOPLE, "post": PEOPLE}
)
READING = {"get", "head"}
CLOSED = {401, 403, 404, 405}
DOORS = ("/accounts/login/", "/accounts/factors/", "/accounts/reauthenticate/")
START = "/actions/small/register/"  # where who is not registering is led


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_world()
        transaction.set_rollback(True)


def walk(patterns, space="", before=()):
    """Every address: its name, and the names of what stands in it."""
    for pattern in patterns:
        words = (*before, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", words
        else:
            yield from walk(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space, words)


ADDRESSES = dict(walk(get_resolver().url_patterns))


def find_address(name, parts, **others):
    row, words = ACCESS[name], ADDRESSES[name]
    return reverse(name, kwargs={word: others.get(word, parts[row.parts.get(word, word)]) for word in words})


def ask(client, method, address, data=None):
    """Return the status and where it leads; whatever was written is taken back, the session too."""
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            kind = {"content_type": "application/json"} if address.startswith("/api/") and method == "post" else {}
            answer = getattr(client, method)(address, *([data] if data and method == "post" else []), **kind)
            transaction.set_rollback(True)
    except Exception as fault:
        return 500, repr(fault)
    client.cookies = cookies
    return answer.status_code, answer.headers.get("Location", "")


def judge(row, name, address, method, status, location):
    """Return what is wrong with an answer, or nothing."""
    is_for = row.get if method in READING else row.post if method == "post" else frozenset()
    is_door = any(location.startswith(door) for door in (DOORS[:1] if address.startswith("/accounts/") else DOORS))
    is_door = is_door or location == START
    is_in = status not in CLOSED and not is_door
    if status == 500:
        return "breaks"
    if method == "options" or (method in {"put", "patch", "delete"} and name in row.post | row.get and row.is_own):
        return None  # says which methods there are; forms of allauth take PUT as POST
    if method == "head" and status == 405 and name in is_for:
        return None  # a file whose taking is recorded: nobody asks for its head alone
    if name in is_for:
        return None if is_in or (row.is_own and is_door) else "is kept out"
    if is_in and method in READING | {"post"}:
        return "gets in"
    if is_in and name not in row.post:
        return "gets in by another method"
    if status == 403 and name not in {"anonymous", "weak"}:
        return "is told that there is something"
    return None


def test_every_address_is_in_the_table_and_nothing_else():
    assert set(ADDRESSES) == set(ACCESS)


def test_every_row_names_people_that_there_are():
    assert all(row.get | row.post <= PEOPLE for row in ACCESS.values())


@pytest.mark.parametrize("name", ACCESS)
def test_an_address_is_for_the_people_of_its_row(world, name):
    parts, clients = world
    address, row = find_address(name, parts), ACCESS[name]
    faults = []
    for method in METHODS:
        for who in sorted(ASKED[method]):
            client = clients[who]
            status, location = ask(client, method, address, row.data)
            if fault := judge(row, who, address, method, status, location):
                faults.append(f"{who} {fault}: {method.upper()} {address} {status} {location}")
    assert not faults, "\n".join(faults)


BY_WORD = {"claims:workspace-procedure-take-back", "claims:workspace-procedure-add-proof"}  # other actions have it too
CROSSED = [
    name
    for name, words in ADDRESSES.items()
    if name.startswith(("claims:workspace", "documents", "redress"))
    and name not in BY_WORD
    and len(words) > 1
    and words[0] == "slug"
]


@pytest.mark.parametrize("name", CROSSED)
def test_what_is_in_another_action_is_not_found_under_the_own_one(world, name):
    parts, clients = world
    address = find_address(name, parts, slug="other")
    found = {method: ask(clients["neighbour"], method, address)[0] for method in ("get", "post")}
    assert set(found.values()) <= {404, 405} and 404 in found.values(), found
