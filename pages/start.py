"""A page."""

import streamlit as st

st.title("start")
a = st.slider("Steps", 1, 10, 3, key="steps", bind="query-params")
