"""Pictures: the same bytes for the same result, words for readers, nothing that a strict page forbids."""

import xml.etree.ElementTree as ET

import pytest
from django.utils import translation

from redress.charts import draw_chart, draw_charts, list_sentences, list_steps, name_chart
from redress.wording import say_amount, say_share

SVG = "{http://www.w3.org/2000/svg}"


def make_result(**fields):
    cents = {"mean": 40, "p05": 0, "p10": 0, "p25": 0, "p50": 0, "p75": 60, "p90": 120, "p95": 170}
    line = {f"{key}_cents": str(value * 10**8) for key, value in cents.items()}
    points = [{"amount_cents": str(n * 10**9), "chance": 0.4 / (n or 1)} for n in range(9)]
    waterfall = {"gross": "5000", "interest": "1000", "total": "6000", "costs": "900", "fee": "700", "shortfall": "300"}
    lines = {"net": line, "total": line}
    return {
        "lines": lines, "chance_nothing_paid": 0.6, "curve": {"total": points, "net": points},
        "waterfall": {**waterfall, "net": "4700"}, **fields,
    }  # fmt: skip


def test_the_same_result_gives_the_same_bytes_and_no_date():
    first, again = draw_charts(make_result()), draw_charts(make_result())
    assert first == again and set(first) == {"exceedance", "waterfall", "exceedance-de", "waterfall-de"}
    assert not any(word in svg for svg in first.values() for word in ("dc:date", "<metadata", "Matplotlib"))


def test_a_picture_says_what_it_shows_and_needs_no_font_style_or_script():
    for name, svg in draw_charts(make_result()).items():
        root = ET.fromstring(svg)
        key = name.split("-")[0]
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert root.get("aria-labelledby") == f"{key}-title {key}-desc" == f"{title.get('id')} {description.get('id')}"
        assert title.text and len(description.text) > 40
        assert not {"text", "style", "script", "image"} & {part.tag.removeprefix(SVG) for part in root.iter()}
        assert "style=" not in svg


def test_a_picture_is_in_the_language_of_its_name():
    charts = draw_charts(make_result())
    assert draw_chart("exceedance-de", make_result()) == charts["exceedance-de"] and "exceedance-fr" not in charts
    assert "nothing is paid" in charts["exceedance"] and "nichts gezahlt" in charts["exceedance-de"]
    with translation.override("de"):
        assert name_chart("waterfall") == "waterfall-de"
    assert name_chart("waterfall") == name_chart("waterfall", "sv") == "waterfall"


def test_the_steps_go_from_gross_to_net_and_never_below_zero():
    steps = list_steps(make_result())
    assert [name for name, *_ in steps] == ["gross", "interest", "shortfall", "costs", "fee", "net"]
    assert steps[-2][1] == pytest.approx(steps[-1][2]) and all(bottom >= 0 for _, bottom, _ in steps)


def test_steps_of_nothing_are_left_out():
    waterfall = {**dict.fromkeys(("interest", "costs", "fee", "shortfall"), "0"), "gross": "500", "net": "500"}
    assert [name for name, *_ in list_steps(make_result(waterfall=waterfall))] == ["gross", "net"]


def test_a_result_of_nothing_at_all_can_be_drawn():
    nothing = dict.fromkeys(make_result()["waterfall"], "0")
    points = [{"amount_cents": "0", "chance": 0.0}]
    assert draw_charts(make_result(waterfall=nothing, curve={"total": points, "net": points}, chance_nothing_paid=1.0))


def test_chances_are_said_in_words_and_never_rounded_to_none_or_all():
    assert [say_share(share) for share in (0, 0.001, 0.07, 0.999, 1)] == [
        "0%",
        "less than 1%",
        "7%",
        "more than 99%",
        "100%",
    ]
    assert list_sentences(make_result())[0] == "In 60% of cases nothing is paid."


def test_a_result_without_any_spread_says_so():
    same = {f"{key}_cents": "20000000000000" for key in ("mean", "p05", "p90", "p95")}
    assert list_sentences(make_result(lines={"net": same})) == ["Every case comes to the same: 200 billion euros."]


def test_amounts_are_said_in_the_readers_language():
    assert [say_amount(cents) for cents in ("20000000000000", "123456789", "150000", "0")] == [
        "200 billion euros", "1.23 million euros", "1,500 euros", "0 euros",
    ]  # fmt: skip
    with translation.override("de"):
        assert say_amount("250000000") == "2,5 Millionen Euro"
