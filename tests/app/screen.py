"""What a visitor would read off a page: sentences, figures, tables."""

import base64
import json
import re
import time
from pathlib import Path

import numpy as np

from tests.waiting import PATIENCE

PAGES = Path(__file__).parents[2] / "pages"
BOLD = re.compile(r"\*\*(.+)\*\*", re.DOTALL)


def results(app):
    """The result sentence of every figure, in the order of the page."""
    return [found[1] for text in app.main.markdown if (found := BOLD.fullmatch(text.value))]


def alerts(app):
    """The text of every coloured box."""
    return [box.value for kind in (app.info, app.warning, app.error) for box in kind]


def figure(app, key):
    """The traces of a figure: one dict each, its packed numbers unpacked."""
    charts = [chart for chart in app.get("plotly_chart") if chart.key == key]
    assert len(charts) == 1
    return [_unpacked(trace) for trace in json.loads(charts[0].proto.spec)["data"]]


def table(app, *columns):
    """The one table that has these columns."""
    found = [frame.value for frame in app.dataframe if set(columns) <= set(frame.value.columns)]
    assert len(found) == 1
    return found[0]


def so_far(app):
    """The words about seeds that are still to come."""
    return [text.value for text in app.caption if "so far" in text.value]


def measured(app):
    """Wait until the gradient page has all of its seeds."""
    wait_for(app, lambda app: not so_far(app))
    return app


def timed(app):
    """Wait until the cost page shows what it has measured."""
    wait_for(app, lambda app: [chart for chart in app.get("plotly_chart") if chart.key == "timing"])
    return app


def answered(app, key):
    """Wait until the experiment at this place has its whole answer, not only the beginning of one."""
    wait_for(app, lambda app: not {f"ask_{key}", f"cancel_{key}"} & {button.key for button in app.button})
    return app


def visit(app, page):
    """Go to another page, as a click in the navigation would."""
    return app.switch_page(str(PAGES / f"{page}.py")).run()


def wait_for(app, seen):
    """Look at the page again and again, as its own timer would, until `seen(app)` is true."""
    end = time.monotonic() + PATIENCE
    while not (answer := seen(app.run())):
        assert time.monotonic() < end, f"not seen; the page says {alerts(app)} {results(app)}"
        time.sleep(0.1)
    return answer


def _unpacked(value):
    if isinstance(value, dict):
        if "bdata" in value:
            numbers = np.frombuffer(base64.b64decode(value["bdata"]), value["dtype"])
            shape = [int(side) for side in value.get("shape", str(numbers.size)).split(",")]
            return numbers.reshape(shape).tolist()
        return {name: _unpacked(part) for name, part in value.items()}
    return [_unpacked(part) for part in value] if isinstance(value, list) else value
