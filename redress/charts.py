"""Pictures of a result as SVG: the same input gives the same bytes, in each language of the pages.

Texts are outlines, so page, print and filing show the same shapes; nothing inside needs a style sheet or a script.
Colours are those of the pages; steps that take away are lighter and lines differ in their strokes, so that a grey
copy can still be read.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import get_language, gettext, override

from redress.svg import ACCENT, GREY, GRID, INK, MARK, SOFT, WASH, make_figure, use_style, write_svg
from redress.wording import find_scale, name_line, name_step, name_unit, say_amount, say_number, say_share

STEPS = ("gross", "interest", "shortfall", "costs", "fee", "net")  # shortfall first: no bar falls below zero
TAIL = 0.02  # a curve that ends above this ends in a wall: so many cases come to the same
KEPT = ("en", "de")  # the languages of filings; other pictures are drawn when somebody looks at them
TAKES_AWAY = {"costs", "fee"}


def draw_charts(result: Mapping[str, Any]) -> dict[str, str]:
    """Return the pictures that are kept: "exceedance", "waterfall", and each again as name-code in German."""
    return {name_chart(name, code): draw_chart(name_chart(name, code), result) for name in PICTURES for code in KEPT}


def draw_chart(key: str, result: Mapping[str, Any]) -> str:
    """Return one picture in one language. Raises KeyError for a key that names none."""
    name, code = CHARTS[key]
    with override(code), use_style():
        return PICTURES[name](result)


def name_chart(name: str, language: str | None = None) -> str:
    """Return the key of a picture in a language, that of the reader by default."""
    code = (language or get_language() or "en").split("-")[0]
    return name if code == "en" or code not in dict(settings.LANGUAGES) else f"{name}-{code}"


def draw_exceedance(result: Mapping[str, Any]) -> str:
    """Return the curve "chance that at least X": of the total, and of what is left for the class."""
    curves = {name: read_curve(result, name) for name in ("total", "net")}
    size, unit = find_scale(max(amount for points in curves.values() for amount, _chance in points))
    figure, axes = make_figure()
    for name, colour, stroke in (("total", GREY, (0, (5, 2))), ("net", ACCENT, "solid")):
        across, up = [amount / size for amount, _ in curves[name]], [100 * chance for _, chance in curves[name]]
        axes.plot(across, up, color=colour, linestyle=stroke, linewidth=2, label=name_line(name))
    axes.fill_between(across, up, color=WASH, linewidth=0)
    axes.set_ylim(0, 104)
    axes.set_xlim(left=0)
    axes.set_yticks([0, 25, 50, 75, 100])
    nothing = result["chance_nothing_paid"]
    if nothing > 0:
        axes.plot([0, 0], [100 * (1 - nothing), 100], color=MARK, linestyle=(0, (3, 2)), linewidth=2, clip_on=False)
        words = gettext("{share} of cases: nothing is paid").format(share=say_share(nothing))
        axes.annotate(words, (0, 100), (5, -9), textcoords="offset points", color=INK, weight=600)
    axes.legend(loc="upper right", bbox_to_anchor=(1, 0.92), frameon=False, labelcolor=INK)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_xlabel(gettext("At least … {unit}").format(unit=name_unit(unit)))
    axes.yaxis.set_major_formatter(lambda value, _: say_share(value / 100))
    axes.xaxis.set_major_formatter(lambda value, _: say_number(value))
    return write_svg(
        figure, "exceedance", gettext("Chance that at least this much is paid"), describe_exceedance(result)
    )


def describe_exceedance(result: Mapping[str, Any]) -> str:
    """Return in words what the curve shows."""
    return " ".join(list_sentences(result, shares=("p50", "p90", "p95")))


def list_sentences(result: Mapping[str, Any], shares: Sequence[str] = ("p90",)) -> list[str]:
    """Return what the result says first: how often nothing is paid, and how much in good cases."""
    line, nothing = result["lines"]["net"], result["chance_nothing_paid"]
    if line["p05_cents"] == line["p95_cents"] == line["mean_cents"]:
        return [gettext("Every case comes to the same: {amount}.").format(amount=say_amount(line["mean_cents"]))]
    first = gettext("In {nothing} of cases nothing is paid.").format(nothing=say_share(nothing))
    good = {
        "p50": gettext("In half of the cases at least {amount} are left for the class."),
        "p90": gettext("In one of ten cases at least {amount} are left for the class."),
        "p95": gettext("In one of twenty cases at least {amount} are left for the class."),
    }
    amounts = {key: line[f"{key}_cents"] for key in shares}
    more = [good[key].format(amount=say_amount(cents)) for key, cents in amounts.items() if int(cents)]
    return [first, *(more or [gettext("Even in a good case, one of ten, nothing is left for the class.")])]


def draw_waterfall(result: Mapping[str, Any]) -> str:
    """Return the steps from gross to net, drawn from means: medians do not add up."""
    steps = list_steps(result)
    size, unit = find_scale(max(top for _name, _bottom, top in steps))
    figure, axes = make_figure()
    highest = max(top for *_, top in steps) or 1
    for place, (name, bottom, top) in enumerate(steps):
        colour = GREY if name in TAKES_AWAY else SOFT if name == "shortfall" else ACCENT
        axes.bar(place, (top - bottom) / size, bottom=bottom / size, width=0.62, color=colour, linewidth=0)
        sign = "−" if name in TAKES_AWAY else ""
        axes.text(
            place, (top + highest * 0.02) / size, sign + say_number((top - bottom) / size),
            ha="center", va="bottom", color=INK, weight=600,
        )  # fmt: skip
    axes.set_ylim(0, highest * 1.14 / size)
    axes.set_yticks([])
    axes.set_xticks(range(len(steps)), [_break(name_step(name)) for name, *_ in steps])
    axes.tick_params(axis="x", length=0, labelsize=8.5)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(gettext("{unit}, average of all cases").format(unit=name_unit(unit)))
    return write_svg(
        figure, "waterfall", gettext("From the award to the class, on average"), describe_waterfall(result)
    )


def describe_waterfall(result: Mapping[str, Any]) -> str:
    """Return in words what the steps show."""
    parts = [f"{name_step(name)}: {say_amount(result['waterfall'][name])}" for name, *_ in list_steps(result)]
    return gettext("On average of all cases. {steps}.").format(steps="; ".join(parts))


def list_steps(result: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Return (name, lower end, upper end) in euros of each bar; steps of nothing are left out."""
    steps, level = [], 0.0
    for name in STEPS:
        euros = int(result["waterfall"][name]) / 100
        if name == "net":
            steps.append((name, 0.0, euros))
        elif euros or name == "gross":
            after = level - euros if name in TAKES_AWAY else level + euros
            steps.append((name, min(level, after), max(level, after)))
            level = after
    return steps


def read_curve(result: Mapping[str, Any], name: str) -> list[tuple[float, float]]:
    """Return (euros, chance that at least so much is reached) of a line.

    At least nothing is always reached; the curve begins at the chance of more, where its first step would be a wall.
    """
    points = [(int(point["amount_cents"]) / 100, point["chance"]) for point in result["curve"][name]]
    if len(points) > 1 and points[0][0] == 0:
        points[0] = (0.0, points[1][1])
    if points[-1][1] > TAIL:
        points.append((points[-1][0], 0.0))
    return points


def _break(words: str) -> str:
    """Return a label on two lines, broken at the space nearest to its middle."""
    spaces = [place for place, sign in enumerate(words) if sign == " "]
    if len(words) < 11 or not spaces:
        return words
    middle = min(spaces, key=lambda place: abs(place - len(words) / 2))
    return f"{words[:middle]}\n{words[middle + 1 :]}"


PICTURES = {"exceedance": draw_exceedance, "waterfall": draw_waterfall}
CHARTS = {name_chart(name, code): (name, code) for name in PICTURES for code, _language in settings.LANGUAGES}
