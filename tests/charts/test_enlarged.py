"""A figure for the front of the room: lengths in pixels grow, everything that is measured in the data's units stays."""

import numpy as np

from ui.charts.enlarged import enlarged
from ui.charts.theme import blank, finish


def test_pixels_grow_and_data_stay():
    sketch = blank(400, right=40, top=20)
    sketch.add_scatter(x=[1, 2], y=[3, 4], marker={"size": 8}, line={"width": 2}, error_y={"array": [1, 1], "width": 4})
    sketch.add_bar(x=[1, 2], y=[5, 6], width=0.5)
    sketch.add_contour(z=np.eye(3), contours={"start": 0, "end": 1, "size": 0.25})
    sketch.add_annotation(text="here", x=2, y=4, xshift=-4)
    figure = finish(sketch)
    larger = enlarged(figure, 1.5)

    assert (larger.layout.height, figure.layout.height) == (600, 400)
    assert (larger.layout.font.size, larger.layout.xaxis.tickfont.size) == (24, 24)
    assert larger.layout.yaxis.title.standoff == 24
    assert (larger.layout.margin.r, larger.layout.margin.t) == (60, 30)
    note = larger.layout.annotations[0]
    assert (note.x, note.xshift, note.font.size) == (2, -6, 24)
    points, bars, heights = larger.data
    assert (points.marker.size, points.line.width, points.error_y.width) == (12, 3, 6)
    assert list(points.y) == [3, 4]
    assert list(points.error_y.array) == [1, 1]
    assert (bars.width, heights.contours.size) == (0.5, 0.25)
