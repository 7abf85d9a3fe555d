"""Pages of the web app, run by Streamlit from their files."""
