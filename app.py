"""The door of the front end: ``streamlit run app.py``."""

from pathlib import Path

import streamlit as st
from starlette.middleware import Middleware

from simulator.ui.components import foot, language, problem
from simulator.ui.html_lang import HtmlLanguage
from simulator.ui.session import texts
from simulator.ui.warm import ready

HERE = Path(__file__).parent / "simulator" / "ui"
PAGES = ("simulate", "trials", "results", "understand")

app = st.App(__file__, lifespan=ready, middleware=[Middleware(HtmlLanguage)], on_script_error=problem.unexpected)


def main() -> None:
    """Language, pages, run."""
    said = texts()
    st.set_page_config(page_title=said("app.name"), page_icon="📣", layout="wide")
    st.html(HERE / "style.css")
    pages = [
        st.Page(HERE / "pages" / f"{name}.py", title=said(f"page.{name}"), url_path=name, default=name == PAGES[0])
        for name in PAGES
    ]
    page = st.navigation(pages, position="top")
    language.switch(said)
    page.run()
    foot.links(pages, said)


if __name__ == "__main__":
    main()
