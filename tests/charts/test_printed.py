"""A figure on paper: dark ink, no other page's colours, the original untouched, and JSON that HTML may hold."""

import base64
import gzip
import json

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from ui.charts import printed
from ui.charts.sketch import Sketch
from ui.charts.theme import blank, finish, inked

BRIGHT = "#C3CCD6"  # ink of the dark page


def figure(title="</script><b>x</b>"):
    sketch = blank(333).add_scatter(x=[1.0, 2.0], y=[3.0, 5.5], name=title)
    return inked(finish(sketch.update_xaxes(title_text=title)), BRIGHT)


def test_a_figure_of_the_dark_page_is_dark_on_white_and_stays_as_it_was():
    bright = figure()
    before = bright.to_json()
    layout = printed.for_paper(bright)["layout"]
    assert layout["font"]["color"] == layout["xaxis"]["tickfont"]["color"] == printed.INK
    assert layout["template"]["layout"]["paper_bgcolor"] == "#FFFFFF"
    assert BRIGHT not in json.dumps(layout)
    assert bright.to_json() == before


def test_the_numbers_are_those_of_the_figure_and_no_sign_ends_the_script():
    text = printed.as_json(figure())
    assert "<" not in text
    (trace,) = json.loads(text)["data"]
    assert (trace["x"], trace["y"]) == ([1.0, 2.0], [3.0, 5.5])
    assert trace["name"] == "</script><b>x</b>"


def test_the_height_is_the_figures_own_and_several_panels_are_wide():
    assert printed.height(figure()) == 333
    assert printed.height(go.Figure()) == printed.HEIGHT
    panels = Sketch(xaxis={"domain": [0, 0.5]}, xaxis2={"domain": [0.5, 1]})
    assert printed.is_wide(panels.figure())
    assert not printed.is_wide(figure())


def test_the_script_is_plotlys_own():
    assert gzip.decompress(base64.b64decode(printed.script())).decode() == get_plotlyjs()
