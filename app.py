"""The door of the front end: ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st

from simulator.apps.web import serving
from simulator.apps.web.components import page_frame
from simulator.apps.web.session import texts

HERE = Path(__file__).parent / "simulator" / "apps" / "web"
PAGES = ("simulate", "trials", "results", "understand")

app = st.App(__file__, **serving.options())


def main() -> None:
    """Language, pages, run."""
    said = texts()
    st.set_page_config(page_title=said("app.name"), page_icon="📣", layout="wide")
    st.html(HERE / "style.css")
    pages = [
        st.Page(HERE / "pages" / f"{name}.py", title=said(f"page.{name}"), url_path=name, default=name == PAGES[0])
        for name in PAGES
    ]
    # Reached by a link or from the foot, and by whoever is not signed in.
    hidden = [
        st.Page(HERE / "pages" / f"{name}.py", title=said(title), url_path=name, visibility="hidden")
        for name, title in (("shared", "access.shared.title"), ("privacy", "privacy.title"))
    ]
    page = st.navigation([*pages, *hidden], position="top")
    page_frame.switch_language(said)
    if page.url_path in {one.url_path for one in hidden} or page_frame.welcome(said):
        page.run()
    page_frame.show_foot([*pages, hidden[1]], said)


if __name__ == "__main__":
    main()
