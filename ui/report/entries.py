"""What a page drew, as HTML: figures in rows, sentences, tables, pictures, what is recorded."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import NamedTuple

import numpy as np

from ui import sheet
from ui.charts import network_labels, plain_number, printed, settings_table
from ui.charts.png import data_uri
from ui.charts.settings import recipe_settings
from ui.report.marks import inline
from ui.report.strip import strip

Say = Callable[[str], str]
PAPER = 960  # pixels in which a figure as wide as the paper is drawn
GAP = 16
PICTURE = 0.24  # of the paper's width
LONG = 14  # rows; a longer table is set in parts side by side, as many as make this many columns
MOST_COLUMNS = 9
SMALL = 64  # pixels of a side up to which a picture is shown with sharp edges


class Card(NamedTuple):
    """A figure or a picture in a row, and the sentence under it."""

    entry: sheet.Drawn | sheet.Pictured
    sentence: str = ""

    @property
    def is_picture(self) -> bool:
        """Whether it is small beside a figure."""
        return isinstance(self.entry, sheet.Pictured)

    @property
    def is_wide(self) -> bool:
        """Whether it wants a row of its own."""
        return isinstance(self.entry, sheet.Drawn) and printed.is_wide(self.entry.figure)


class Entries:
    """Turns the entries of a sheet into HTML, in their order. `figures` is the JSON of what the browser draws."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._cards: list[Card] = []
        self.figures: list[str] = []

    def html(self, entries: Sequence[sheet.Entry]) -> str:
        """All of it; "" where there is nothing to show."""
        return "\n".join(part for entry in [*entries, None] for part in self._take(entry))

    def _take(self, entry: sheet.Entry | None) -> Iterator[str]:
        """Cards wait for a neighbour; whatever else comes is written after them."""
        match entry:
            case sheet.Drawn() | sheet.Pictured():
                self._cards.append(Card(entry))
                return
            case sheet.Told(sentence, ()) if sentence and self._cards and not self._cards[-1].sentence:
                self._cards[-1] = self._cards[-1]._replace(sentence=sentence)
                return
            case sheet.Told("", ()) | sheet.Asked() | sheet.Recorded():
                return
        yield from self._rows()
        match entry:
            case sheet.Told(sentence, rows):
                if sentence:
                    yield f'<p class="said">{inline(sentence)}</p>'
                if rows:
                    yield table(rows)
            case sheet.Noted(words):
                yield f'<p class="note">{inline(words)}</p>'
            case sheet.Judged(words):
                yield f'<p class="judged">{inline(words)}</p>'
            case sheet.Network(data):
                yield f"<figure>{strip(data)}</figure>"
            case sheet.Trained(spec, state, steps):
                yield self._run(spec, state, steps)

    def _rows(self) -> Iterator[str]:
        cards, self._cards = self._cards, []
        while cards:
            one, *rest = cards
            if rest and one.is_picture and not rest[0].is_picture:
                yield self._row((one, PICTURE), (rest[0], 1 - PICTURE))
            elif rest and not (one.is_picture or one.is_wide or rest[0].is_picture or rest[0].is_wide):
                yield self._row((one, 0.5), (rest[0], 0.5))
            else:
                yield self._row((one, PICTURE if one.is_picture else 1))
                cards = rest
                continue
            cards = rest[1:]

    def _row(self, *cards: tuple[Card, float]) -> str:
        return f'<div class="row">{"".join(self._card(card, share) for card, share in cards)}</div>'

    def _card(self, card: Card, share: float) -> str:
        said = f'<p class="said">{inline(card.sentence)}</p>' if card.sentence else ""
        entry = card.entry
        if isinstance(entry, sheet.Pictured):
            inside = f"{_picture(entry)}<figcaption>{inline(entry.words)}</figcaption>"
        else:
            caption = "" if entry.alt == card.sentence else f"<figcaption>{inline(_first(entry.alt))}</figcaption>"
            inside = self._figure(entry, round(PAPER * share - (GAP if share < 1 else 0))) + caption
        return f'<figure style="width:{share:.0%}">{inside}{said}</figure>'

    def _figure(self, entry: sheet.Drawn, width: int) -> str:
        self.figures.append(printed.as_json(entry.figure))
        failed = self._say("This browser cannot draw the figure. The sentence under it and its numbers stand.")
        return (
            f'<img data-figure="figure-{len(self.figures)}" width="{width}" height="{printed.height(entry.figure)}" '
            f'alt="{escape(entry.alt)}"><p class="failed note">{escape(failed)}</p>'
        )

    def _run(self, spec: sheet.RunSpec, state: str, steps: int) -> str:
        say = self._say
        done = say("{done} of {total} steps").format(done=steps, total=spec.training.steps)
        recipe = " · ".join(f"{name}: {value}" for name, value in recipe_settings(spec, say).items())
        words = (
            f"{say('This run:')} {' / '.join(network_labels(spec.networks, say))} · {say(state)} · {done} · {recipe}"
        )
        return f'<p class="note">{escape(words)}</p>{table(settings_table(spec.networks, say))}'


def table(rows: Sequence[dict[str, object]]) -> str:
    """Rows as they stand on the page, in their order, a long table in parts beside one another."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    beside = max(1, min(MOST_COLUMNS // len(columns), -(-len(rows) // LONG)))
    length = -(-len(rows) // beside)
    parts = [_table(columns, rows[first : first + length]) for first in range(0, len(rows), length)]
    kind = "wide" if length > LONG else "wide whole"
    return f'<div class="{kind}">{"".join(parts)}</div>'


def _table(columns: Sequence[str], rows: Sequence[dict[str, object]]) -> str:
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(f"<tr>{''.join(_cell(row.get(column)) for column in columns)}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    if value is None:
        return "<td></td>"
    if isinstance(value, bool | str):
        return f"<td>{escape(str(value))}</td>"
    shown = plain_number(float(value)) if isinstance(value, float | np.floating) else str(value)
    return f'<td class="number">{escape(shown)}</td>'


def _first(words: str) -> str:
    """The sentence that says what a figure is; those after it read out what it shows."""
    first, end, _ = words.partition(". ")
    return first + end.strip()


def _picture(entry: sheet.Pictured) -> str:
    pixels = np.asarray(entry.pixels)
    if pixels.ndim == 2:
        pixels = np.repeat(pixels[:, :, None], 3, axis=2)
    opaque = np.full((*pixels.shape[:2], 1), 255, np.uint8)
    uri = data_uri(np.concatenate([pixels, opaque], axis=2))
    kind = ' class="pixels"' if max(pixels.shape[:2]) <= SMALL else ""
    return f'<img{kind} src="{uri}" alt="{escape(entry.words)}">'
