"""A page with a part that draws itself all the time."""

import streamlit as st

st.toggle("Switch", key="switch")


@st.fragment(run_every=0.03)
def part() -> None:
    st.write("part")


part()
for number in range(30):
    st.write(number)
