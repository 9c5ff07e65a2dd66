"""Browser components (Streamlit components v2): small views with their own JavaScript and CSS, no outside host."""
