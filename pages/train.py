"""A page."""

import streamlit as st

st.title("train")
a = st.slider("Steps", 1, 10, 3, key="steps", bind="query-params")
