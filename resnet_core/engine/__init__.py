"""Where training runs live: submit, watch, pause, stop. This room knows nothing of Streamlit."""
