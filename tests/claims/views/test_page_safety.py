"""Every page: a strict content policy, nothing from outside, no people in titles, nothing that deceives the eye."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse

from claims.models import Claimant

TEMPLATES = [path for app in ("config", "claims") for path in (settings.BASE_DIR / app / "templates").rglob("*.html")]
PUBLIC = [
    "/",
    "/actions/small/",
    "/actions/small/check/",
    "/actions/small/register/",
    "/accounts/login/",
    "/accounts/login/code/",
    "/accounts/password/reset/",
    "/accounts/signup/",
    "/no-such-page/",
]
EVIL = {
    "given_name": "<script>alert(1)</script>",
    "family_name": "Muster\u202egnp.exe\u200f",
    "street": "<img src=x onerror=alert(1)>",
}


@pytest.fixture
def pages(visit, action, claim, job):
    """Return every page as a lawyer or a stranger sees it."""
    office = ["", "claims/", f"claims/{claim.reference}/", "rules/", "jobs/", f"jobs/{job.code}/", "quarantine/"]
    found = [visit("anonymous", url) for url in PUBLIC]
    found += [visit("lawyer", f"/workspace/{action.slug}/{part}") for part in office]
    return [*found, visit("stranger", "/my/"), visit("lawyer", "/accounts/password/change/")]


def test_every_page_has_the_strict_policy(pages):
    for page in pages:
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy


def test_the_script_of_a_page_has_the_nonce_of_its_answer(pages):
    scripts = [(re.findall(r"<script[^>]*nonce=\"([^\"]+)\"", page.content.decode()), page) for page in pages]
    assert any(nonces for nonces, _ in scripts)
    for nonces, page in scripts:
        assert page.content.decode().count("<script") == len(nonces)
        assert all(f"'nonce-{nonce}'" in page.headers["Content-Security-Policy"] for nonce in nonces)


def test_trap_16_no_page_fetches_anything_from_elsewhere(pages):
    for page in pages:
        fetched = re.findall(
            r"<(?:script|link|img|iframe|form)[^>]*(?:src|href|action)=\"([^\"]*)\"", page.content.decode()
        )
        assert [url for url in fetched if "//" in url] == []


def test_pages_of_people_are_kept_nowhere(pages):
    assert all(page.headers["Cache-Control"] == "no-store" for page in pages if b"/accounts/logout/" in page.content)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_inline_style_or_script(path: Path):
    text = path.read_text()
    assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|<style", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "|safe" not in text and "autoescape off" not in text


def test_what_a_claimant_typed_is_shown_and_never_run(visit, action, claim):
    Claimant.objects.filter(pk=claim.claimant_id).update(**EVIL)
    for url in (f"/workspace/{action.slug}/claims/", f"/workspace/{action.slug}/claims/{claim.reference}/"):
        page = visit("lawyer", url).content.decode()
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page and "<script>alert" not in page and "<img" not in page
        assert "Muster[U+202E]gnp.exe[U+200F]" in page and "\u202e" not in page


def test_trap_16_titles_and_addresses_hold_no_names(visit, action, claim):
    page = visit("lawyer", reverse("claims:workspace-claim", args=[action.slug, claim.reference])).content.decode()
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
    assert claim.claimant.full_name in page
    assert claim.claimant.given_name not in title and claim.claimant.family_name not in title
    assert all("Muster" not in href for href in re.findall(r"href=\"([^\"]*)\"", page))


def test_every_page_of_an_illustration_says_so(pages):
    assert [
        page.request["PATH_INFO"]
        for page in pages
        if "Illustration" not in page.content.decode() and "does not exist" not in page.content.decode()
    ] == []
