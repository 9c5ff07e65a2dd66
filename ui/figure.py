"""How every figure reaches the page: the picture, its result in a sentence, and its numbers as a table."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from ui.charts import theme
from ui.text import say


def draw(
    figure: go.Figure,
    key: str,
    alt: str,
    sentence: str = "",
    table: Sequence[dict[str, object]] = (),
) -> None:
    """Draw a Plotly figure with words for those who cannot see it and numbers for those who want to check.

    Args:
        alt: says what the figure shows, for screen readers.
        sentence: what follows from the numbers, computed from the same record as the figure.
        table: the numbers, one dict per row.
    """
    st.plotly_chart(figure, key=key, alt=alt, config=theme.CONFIG, theme="streamlit", width="stretch")
    if sentence:
        st.markdown(f"**{sentence}**")
    if table:
        with st.expander(say("The numbers"), icon=":material/table:"):
            st.dataframe(list(table), hide_index=True, width="stretch")
