"""The field's terms in both languages."""

import streamlit as st

from ui.glossary import terms
from ui.text import language, say, show

st.title(say("Glossary"))
show("glossary/intro")
here, there = language(), "ko" if language() == "en" else "en"
rows = zip(terms(here).items(), terms(there), strict=True)
st.table(
    [{say("Term"): term, say("In the other language"): other, say("Meaning"): words} for (term, words), other in rows]
)
