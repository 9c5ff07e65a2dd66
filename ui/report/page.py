"""The report as one HTML file: opens without a net, prints on A4."""

import dataclasses
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from urllib.parse import urlencode

from resnet_core import RunSpec, experiment_command, literal, train_command
from resnet_core.catalogue import experiment
from ui import VERSION, sheet
from ui.again import train_again
from ui.charts import printed
from ui.charts.settings import recipe_settings
from ui.languages import NAMES, Language
from ui.report.entries import Entries
from ui.report.marks import inline

Say = Callable[[str], str]
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a report is made of. What the visitor types is read from `sheet` when the report is made."""

    sheet: sheet.Sheet
    lang: Language
    address: str  # that opens this page with these settings
    laboratory: str  # the address of the app, without a page
    home: tuple[str, ...] = ()  # the lesson's questions, in Markdown
    sources: str = ""  # in Markdown
    made: str = field(default="")  # date and time


def html(report: Report, say: Say) -> str:
    """The whole file. `say` translates."""
    page = report.sheet
    shown, everything = Entries(say), page.flat()
    what = shown.html(everything)
    body = [
        _head(report, say),
        _settings(report, say),
        _prediction(page, everything, say),
        _section(say("What the page shows"), what or f"<p>{escape(say('No figure had been drawn on the page.'))}</p>"),
        _answers(report, say),
        _section(say("To have the same again"), "".join(_again(report, everything, say))),
        _section(say("Sources"), f'<p class="note">{inline(report.sources)}</p>' if report.sources else ""),
        _foot(say),
        *(
            f'<script type="application/json" id="figure-{number}">{figure}</script>'
            for number, figure in enumerate(shown.figures, start=1)
        ),
    ]
    return Template(_read("page.html")).substitute(
        lang=report.lang,
        title=escape(" · ".join(filter(None, [page.title, page.part, page.person]))),
        style=_read("page.css"),
        body="\n".join(filter(None, body)),
        plotly=printed.script() if shown.figures else "",
        script=_read("page.js"),
    )


def _head(report: Report, say: Say) -> str:
    page = report.sheet
    meta = " · ".join(filter(None, [page.person, report.made, NAMES[report.lang], "ResNet Lab"]))
    part = f'<p class="part">{escape(page.part)}</p>' if page.part else ""
    here = escape(report.address)
    words = escape(say("This page with these settings:"))
    files = escape(say("Files that were brought along are not in the link.")) if page.files else ""
    return (
        f'<header><h1>{escape(page.title)}</h1>{part}<p class="meta">{escape(meta)}</p>'
        f'<p class="link">{words} <a href="{here}">{here}</a> {files}</p></header>'
    )


def _settings(report: Report, say: Say) -> str:
    words = {True: say("on"), False: say("off")}
    asked = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(words[value] if isinstance(value, bool) else str(value))}</dd></div>"
        for label, value in report.sheet.settings.values()
    )
    return _section(say("Settings"), f'<dl class="settings">{asked}</dl>' if asked else "")


def _prediction(page: sheet.Sheet, everything: list[sheet.Entry], say: Say) -> str:
    """What was predicted, unless the judgement below says so too."""
    if not page.predicted or any(isinstance(entry, sheet.Judged) for entry in everything):
        return ""
    return _section(say("Prediction"), f'<p class="judged">{inline(page.predicted)}</p>')


def _answers(report: Report, say: Say) -> str:
    """What was typed, and lines to write on where nothing was."""
    answers = iter(report.sheet.answers)
    if not report.home:
        notes = next(answers, "").strip()
        return _section(say("Notes"), f'<p class="answer">{escape(notes)}</p>' if notes else "")
    items = ""
    for question in report.home:
        answer = next(answers, "").strip()
        written = f'<p class="answer">{escape(answer)}</p>' if answer else '<div class="lines"></div>'
        items += f"<li>{inline(question)}{written}</li>"
    return _section(say("Questions and answers"), f"<ol>{items}</ol>")


def _again(report: Report, everything: list[sheet.Entry], say: Say) -> Iterator[str]:
    """Questions, seeds and commands of experiments, recordings and runs, each once."""
    asked = {(entry.name, entry.question): entry for entry in everything if isinstance(entry, sheet.Asked)}
    for entry in asked.values():
        one = experiment(entry.name)
        label = say("Recorded, made by this command") if entry.command else say("Computed on the server; by hand")
        seeds = ", ".join(say("seed {seed}").format(seed=seed) for seed in dict.fromkeys(_seeds(entry.question)))
        yield f'<p class="note">{escape(" · ".join(filter(None, [label, seeds])))}</p>'
        command = entry.command or experiment_command(one, entry.question)
        yield _code(f"{_in_a_line(literal(entry.question, aside={}))}\n{command}")
    for entry in everything:
        if isinstance(entry, sheet.Recorded):
            words = f"{say('Recorded, made by this command')} · {_recipe(entry.spec, say)}"
            yield f'<p class="note">{escape(words)}</p>'
            yield _code(entry.command)
        elif isinstance(entry, sheet.Trained):
            yield from _run_again(report, entry.spec, say)


def _run_again(report: Report, spec: RunSpec, say: Say) -> Iterator[str]:
    if settings := train_again(spec):
        address = f"{report.laboratory}/train?{urlencode(settings)}"
        words = say("Train again with these settings:")
        yield f'<p class="link">{escape(words)} <a href="{escape(address)}">{escape(address)}</a></p>'
    yield f'<p class="note">{escape(say("The same in a terminal, in the folder of this program:"))}</p>'
    yield _code(train_command(spec))


def _recipe(spec: RunSpec, say: Say) -> str:
    return " · ".join(f"{name}: {value}" for name, value in recipe_settings(spec, say).items())


def _seeds(question: object) -> Iterator[int]:
    """Every seed inside a question."""
    for part in dataclasses.fields(question) if dataclasses.is_dataclass(question) else ():
        value = getattr(question, part.name)
        if part.name == "seed":
            yield value
        else:
            yield from _seeds(value)


def _foot(say: Say) -> str:
    words = say("What is not called recorded or imported was computed on this server. The program can be read.")
    return f"<footer>ResNet Lab {VERSION} · {escape(words)}</footer>"


def _in_a_line(source: str) -> str:
    """Source of a value, its lines put together."""
    return re.sub(r",? ([)}\]])", r"\1", " ".join(source.split())).replace("( ", "(")


def _section(title: str, inside: str) -> str:
    return f"<section><h2>{escape(title)}</h2>{inside}</section>" if inside else ""


def _code(text: str) -> str:
    return f"<pre>{escape(text)}</pre>"


@cache
def _read(name: str) -> str:
    return (HERE / name).read_text(encoding="utf-8")
