"""What goes in is data, what comes out is whole: the safety of the one door to WeasyPrint and Typst."""

import json
import re
from datetime import UTC, datetime

import pytest

from documents.checks import inspect_pdf, read_text, squeeze
from documents.pdf import Attached, RenderingFailed, door, find_unprintable, fonts, render_html

PAGE = '<!DOCTYPE html><html lang="en"><head><title>Test</title>{head}</head><body>{body}</body></html>'
AT = datetime(2026, 2, 27, 18, tzinfo=UTC)
PULLS = {
    "link attachment": '<link rel=attachment href="{address}">',
    "anchor attachment": '<a rel=attachment href="{address}">x</a>',
    "picture": '<img src="{address}">',
    "picture set": '<img srcset="{address} 2x">',
    "style sheet": '<link rel=stylesheet href="{address}">',
    "import": "<style>@import url({address});</style>",
    "font": "<style>@font-face {{ font-family: x; src: url({address}) }} p {{ font-family: x }}</style><p>x</p>",
    "background": "<p style='background: url({address})'>x</p>",
    "content": "<style>p::before {{ content: url({address}) }}</style><p>x</p>",
    "object": '<object data="{address}"></object>',
    "embed": '<embed src="{address}">',
    "svg picture": '<svg xmlns="http://www.w3.org/2000/svg"><image href="{address}" width="9" height="9"/></svg>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg"><use href="{address}#x"/></svg>',
}


def render(body="", head="", **options):
    return render_html(PAGE.format(head=head, body=body), **{"variant": "pdf/a-3a", "identifier": "test", **options})


@pytest.fixture
def secret(tmp_path):
    """A file of this machine that no document may take up."""
    file = tmp_path / "secret.txt"
    file.write_text("canary-7f3a")
    return file


@pytest.mark.parametrize("name", PULLS)
def test_html_that_asks_for_a_file_gives_no_document_or_one_without_it(secret, name):
    try:
        pdf = render(PULLS[name].format(address=secret.as_uri()))
    except RenderingFailed as error:
        assert "address" in str(error) and "secret" not in str(error)
    else:  # WeasyPrint does not know this way at all
        assert name in {"picture set", "svg picture", "svg use"}
        assert not inspect_pdf(pdf, variant="pdf/a-3a").attachments and b"canary" not in pdf


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x", "https://muster.example/x", "ftp://muster.example/x", "//muster.example/x"]
)
def test_html_that_asks_for_the_network_gives_no_document(address):
    with pytest.raises(RenderingFailed, match="address"):
        render(f'<base href="http://muster.example/"><img src="{address}">')


def run_in_child(code, **limits):
    """Run code where documents are laid out: after the limits and the locks are on."""
    import subprocess
    import sys

    kit = fonts.prepare_fonts()
    script = (
        f"import sys; sys.path.insert(0, {str(door.HERE)!r}); import child, socket, subprocess; "
        f"child.enter_cage({limits.get('megabytes', 512)}, {limits.get('seconds', 5)}); child.lock_doors()\n{code}"
    )
    return subprocess.run(
        [sys.executable, "-P", "-s", "-c", script], env=door._make_environment(kit), capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd')", "socket.create_connection(('127.0.0.1', 9))", "subprocess.run(['true'])",
        "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9')", "import os; os.system('true')",
    ],
)  # fmt: skip
def test_the_second_wall_holds_where_the_first_has_a_hole(code):
    done = run_in_child(code)
    assert done.returncode == 1 and "NotAllowed" in done.stderr


def test_the_child_knows_no_secret_of_the_machine(settings):
    done = run_in_child("import os; print(sorted(os.environ))")
    assert "SECRET" not in done.stdout and "DATABASE" not in done.stdout and "FIELD" not in done.stdout


def test_a_document_that_needs_too_much_memory_ends_alone(monkeypatch):
    monkeypatch.setitem(door.LIMITS, "html", {"megabytes": 300, "seconds": 20})
    with pytest.raises(RenderingFailed, match="memory"):
        render("<p>x</p>" * 60_000)


def test_a_document_that_takes_too_long_ends_alone(monkeypatch):
    monkeypatch.setitem(door.LIMITS, "html", {"megabytes": 1024, "seconds": 2})
    with pytest.raises(RenderingFailed, match="takes longer"):
        render("x" * 200_000)


def test_a_document_that_is_nested_too_deeply_is_refused():
    with pytest.raises(RenderingFailed, match="nested"):
        render("<div>" * 3000)


def test_missing_libraries_are_named(monkeypatch):
    import subprocess

    answer = json.dumps({"code": "library", "detail": "OSError"}).encode()
    done = subprocess.CompletedProcess([], door.REFUSED, stdout=answer)
    monkeypatch.setattr(door.subprocess, "run", lambda *a, **k: done)
    with pytest.raises(RenderingFailed, match=r"libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0 fontconfig"):
        render()


def test_a_filing_is_tagged_has_its_attachment_and_is_the_same_twice():
    attached = Attached("data.json", "The figures", b'{"a": 1}', AT)
    head = '<meta name="dcterms.created" content="2026-02-27T18:00:00+00:00">'
    body = '<h1>Test</h1><table><thead><tr><th scope="col">A</th></tr></thead><tbody><tr><th scope="row">B</th></tr></tbody></table>'
    first = render(body, head, attachments=[attached])
    found = inspect_pdf(first, variant="pdf/a-3a")
    assert (found.complaints, found.attachments, found.title) == ((), ("data.json",), "Test")
    assert first == render(body, head, attachments=[attached])
    assert first != render(body, head, attachments=[attached], identifier="another")


@pytest.mark.parametrize("text", ["Ελένη Παραδειγματίδου", "Цветан Образцов", "Żółć Ħani Ŋ Đ ș ț", "e\u0301 ő"])
def test_names_of_all_scripts_of_the_union_come_out_as_they_went_in(text):
    assert not find_unprintable(text)
    assert squeeze(text) in squeeze(read_text(render(f"<p>{text}</p>"))).replace("é", "e\u0301")


def test_signs_that_no_font_has_are_found():
    assert find_unprintable("Ana 漢字 Muster 漢") == "字漢"
    assert find_unprintable("Zeile\nZeile\tEnde") == ""


def test_only_the_ten_fonts_are_used():
    pdf = render("<p style='font-family: Arial, monospace'>Ana <b>Ελένη</b> <i>Muster</i> <code>x</code></p>")
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as opened:
        names = {
            str(item.FontName)
            for item in opened.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        }
    assert names and all(re.search(r"Source|DejaVu", name) for name in names)
