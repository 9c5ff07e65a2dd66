"""A page."""

import streamlit as st

st.title("gradients")
a = st.slider("Steps", 1, 10, 3, key="steps", bind="query-params")
