"""What a 1x1 convolution saves, counted and measured."""

import streamlit as st

from ui import parts
from ui.parts import Part
from ui.sections import bottleneck_time, costs, pixel_mixing
from ui.text import say, show

st.title(say("1x1 and cost"))
show("cost/intro")
parts.choose(
    {
        "count": Part(say("Count"), costs.draw),
        "pixels": Part(say("A 1×1 on a picture"), pixel_mixing.draw),
        "time": Part(say("Counted and measured"), bottleneck_time.draw),
    }
)
