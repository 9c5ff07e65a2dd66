"""A page."""

import streamlit as st

st.title("cost")
a = st.slider("Steps", 1, 10, 3, key="steps", bind="query-params")
