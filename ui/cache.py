"""The laboratory's slow answers, kept. Each is the core function of the same name behind Streamlit's cache.

What goes in are frozen configs and numbers, what comes out are records, so that the key is complete and nothing that is
shared can be changed.
"""

import streamlit as st

import resnet_core

gradient_flow = st.cache_data(max_entries=512, show_spinner=False)(resnet_core.gradient_flow)
