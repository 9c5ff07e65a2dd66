"""A figure for paper: dark ink on white whatever the page's theme, as the JSON that Plotly's script draws it from."""

import base64
import gzip
from functools import cache
from typing import Any

from plotly.io.json import to_json_plotly
from plotly.offline import get_plotlyjs

from ui.charts.theme import FONT_SIZE, Figure, inked

INK, GRID = "#1B2430", "#D8DEE5"
FONT = "Pretendard, Inter, system-ui, 'Segoe UI', 'Malgun Gothic', 'Noto Sans KR', 'Noto Sans CJK KR', sans-serif"
HEIGHT = 450  # pixels of a figure that does not say; Plotly's own
_AXIS = {"gridcolor": GRID, "linecolor": GRID, "zerolinecolor": GRID, "tickcolor": GRID, "automargin": True}
# In the place of Streamlit's template, whose colours only its own page can fill in.
_PAPER = {
    "layout": {
        "font": {"family": FONT, "size": FONT_SIZE, "color": INK},
        "paper_bgcolor": "#FFFFFF",
        "plot_bgcolor": "#FFFFFF",
        "xaxis": _AXIS,
        "yaxis": _AXIS,
    }
}


def for_paper(figure: Figure) -> dict[str, Any]:
    """Traces and layout of a figure that is left as it is."""
    spec = inked(figure, INK).to_dict()
    layout = spec["layout"] | {"template": _PAPER}
    layout.pop("width", None)  # the paper's
    return {"data": spec["data"], "layout": layout}


def as_json(figure: Figure) -> str:
    """The same as JSON that may stand inside an HTML page."""
    text = to_json_plotly(for_paper(figure))
    return str(text).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def height(figure: Figure) -> int:
    """In pixels."""
    return int(figure.layout.height or HEIGHT)


def is_wide(figure: Figure) -> bool:
    """Whether it holds several panels side by side and so wants the whole width of a page."""
    return "xaxis2" in figure.layout or "scene2" in figure.layout


@cache
def script() -> str:
    """Plotly's script as it comes with its Python package, gzipped, in base64: 2 MB in the place of 4.8."""
    return base64.b64encode(gzip.compress(get_plotlyjs().encode(), 9, mtime=0)).decode()
