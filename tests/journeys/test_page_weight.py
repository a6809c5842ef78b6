"""What the pages that everyone sees first weigh on the wire, from the server as it runs in production."""

from urllib.parse import urlsplit

import pytest

from claims.packs import load_pack
from tests.web import ROOT, run_web

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ACTION = "/actions/noyb-meta-ai-training/"


@pytest.fixture(scope="module")
def web(django_db_setup):
    with run_web() as running:
        yield running


def list_loads(chromium, url):
    """Return (address, bytes that came over the wire with heads) of everything that a first visit loads."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    page = context.new_page()
    wire, addresses, sizes = context.new_cdp_session(page), {}, {}
    wire.send("Network.enable")
    wire.on("Network.requestWillBeSent", lambda event: addresses.update({event["requestId"]: event["request"]["url"]}))
    wire.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(url, wait_until="networkidle")
    context.close()
    return [(address, sizes.get(key, 0)) for key, address in addresses.items()]


@pytest.mark.parametrize("path", ["/", ACTION, f"{ACTION}check/", f"{ACTION}register/"])
def test_a_first_page_is_light_on_the_wire_and_asks_nobody_else(chromium, web, path):
    load_pack(ROOT / "config" / "packs" / "noyb-meta-ai-training")
    loads = list_loads(chromium, f"http://127.0.0.1:{web.port}{path}")
    assert 2 <= len(loads) <= 10 and loads[0][1] > 1000, loads  # a helper takes its script from the cache: 0 bytes
    assert sum(size for _, size in loads) <= 60_000, loads
    assert {urlsplit(address).netloc for address, _ in loads} == {f"127.0.0.1:{web.port}"}
