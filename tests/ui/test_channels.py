"""« Et les clients ? », « Sans payer », « Où sont mes clients ? » without a browser, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from simulator.apps.web.texts import texts_of

Opened = Callable[..., AppTest]
UNDERSTAND = "simulator/apps/web/pages/understand.py"


def opened_at(opened: Opened, part: str, **entries: str) -> AppTest:
    app = opened(**entries)
    app.session_state[part] = True
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def said(app: AppTest) -> str:
    return "\n".join(piece.value for piece in app.markdown).replace("\u00a0", " ").replace("\u202f", " ")


def typed(app: AppTest, key: str, text: str) -> AppTest:
    app.text_input(key=key).set_value(text).run()
    assert not app.exception, app.exception[0].stack_trace
    return app


def cells(app: AppTest) -> str:
    return " ".join(str(value) for table in app.table for value in table.value.to_numpy().ravel())


def test_folded_parts_say_nothing(opened: Opened) -> None:
    app = opened()
    labels = [part.label for part in app.expander]
    assert "Et les clients\u00a0?" in labels
    assert "Sans payer" in labels
    assert "chances sur 100" not in said(app)


@pytest.mark.parametrize(
    ("language", "answer", "break_even"),
    [
        ("fr", r"\*\*\d+ à \d+ demandes\*\*", r"Il faut \*\*\d+ commandes? de 27 €\*\* \(il vous en reste 13,50 €\)"),
        ("en", r"\*\*\d+ to \d+ enquiries\*\*", r"It takes \*\*\d+ orders? of €27\*\* \(you keep €13.50 of it\)"),
    ],
)
def test_customers_in_both_languages(opened: Opened, language: str, answer: str, break_even: str) -> None:
    app = opened_at(opened, "customers", lang=language, trade="florist")
    assert re.search(answer, said(app))
    assert re.search(break_even, said(app))
    assert not app.error


def test_two_orders_of_sixty_euros(opened: Opened) -> None:
    app = typed(opened_at(opened, "customers", trade="joiner"), "own_basket", "60")
    assert "Il faut **2 commandes de 60 €** (il vous en reste 30 €) pour rentrer dans vos frais" in said(app)
    typed(app, "own_margin", "100")
    assert "Il faut **1 commande de 60 €** pour rentrer" in said(app)


@pytest.mark.parametrize(
    ("language", "key", "text", "complaint"),
    [
        ("fr", "own_basket", "0", "Montant d'une commande"),
        ("en", "own_basket", "0", "Amount of an order"),
        ("fr", "own_conversion", "250", "Ventes pour 100 demandes"),
        ("fr", "own_margin", "beaucoup", "Ce qui vous reste d'une commande"),
        ("fr", "media_people_flyers", "-5", "people"),
        ("fr", "own_basket", "![x](http://198.51.100.7/x.png)", "Montant d'une commande"),
    ],
)
def test_bad_figures_are_explained_and_kept(opened: Opened, language: str, key: str, text: str, complaint: str) -> None:
    app = typed(opened_at(opened, "customers", lang=language), key, text)
    # The document to print rests on the same entry, and says the same.
    assert len({error.value for error in app.error}) == 1
    assert app.text_input(key=key).value == text
    if complaint != "people":
        assert app.error[0].value.replace("\\", "").startswith(complaint)


def test_other_media_at_ones_own_price(opened: Opened) -> None:
    app = opened_at(opened, "customers")
    assert "200 €" in cells(app).replace("\u00a0", " ")
    typed(app, "media_price_flyers", "350")
    assert "350 €" in cells(app).replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "post"), [("fr", "Une publication toucherait"), ("en", "A post would reach")])
def test_the_free_page_in_both_languages(opened: Opened, language: str, post: str) -> None:
    app = opened_at(opened, "free", lang=language)
    assert post in said(app)
    assert not app.error
    app.toggle(key="free_compare").set_value(True).run()
    assert not app.exception, app.exception[0].stack_trace
    texts = texts_of(language)
    price = "35 €" if language == "fr" else "€35"
    for row in ("nothing_row", "boosted_post", "campaign", "followers"):
        named = texts(f"free.{row}", price=price).replace("\u00a0", " ")
        assert named in cells(app).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("language", "key", "text", "complaint"),
    [
        ("fr", "page_followers", "-5", "Abonnés de votre page\u00a0: -5"),
        ("en", "page_followers", "-5", "Followers of your page: -5"),
        ("fr", "page_posts_per_week", "1400", "Publications par semaine\u00a0: 1\u202f400"),
        ("en", "page_posts_per_week", "1400", "Posts a week: 1,400"),
        ("fr", "page_usual_reach", "5000", "Portée habituelle d'une publication"),
    ],
)
def test_impossible_pages_are_explained(opened: Opened, language: str, key: str, text: str, complaint: str) -> None:
    app = typed(opened_at(opened, "free", lang=language), key, text)
    (said_once,) = {error.value.replace("\\", "") for error in app.error}  # here and at what would be printed
    assert said_once.startswith(complaint)


def test_more_followers_more_people(opened: Opened) -> None:
    app = opened_at(opened, "free")
    small = re.search(r"\*\*(\d+) à", said(app))
    large = re.search(r"\*\*([\d ]+) à", said(typed(app, "page_followers", "50 000")))
    assert small
    assert large
    assert int(large[1].replace(" ", "")) > 3 * int(small[1])
    assert "50 000 abonnés" in said(app)


@pytest.mark.parametrize(
    ("language", "closed"), [("fr", "Fermé (repris en 2016)"), ("en", "Closed (taken over in 2016)")]
)
def test_networks_and_checklist(opened: Opened, language: str, closed: str) -> None:
    app = opened(lang=language, age_min="30").switch_page(UNDERSTAND)
    app.run()
    assert texts_of(language)("checklist.item.5") in "\n".join(piece.value for piece in app.markdown)
    assert closed not in cells(app)
    app.session_state["networks"] = True
    app.run()
    assert not app.exception, app.exception[0].stack_trace
    for word in (closed, "Pinterest", "LinkedIn", "YouTube", "TikTok", "X (Twitter)", "2024"):
        assert word in cells(app)
    assert "30" in next(
        piece.value for piece in app.markdown if texts_of(language)("networks.lead", whom="")[:12] in piece.value
    )


@pytest.mark.parametrize(
    ("key", "text", "label"),
    [
        ("media_people_flyers", "-5", "Nombre de prospectus"),
        ("media_people_press", "0", "Exemplaires du journal"),
        ("media_price_radio", "-1", "Prix des messages radio"),
        ("media_price_press", "cher", "Prix de l'annonce"),
    ],
)
def test_other_media_name_the_field_as_it_is_labelled(opened: Opened, key: str, text: str, label: str) -> None:
    app = typed(opened_at(opened, "customers"), key, text)
    assert [error.value.replace("\\", "").split("\u00a0:")[0] for error in app.error] == [label]
    assert app.text_input(key=key).label.replace("\\", "").startswith(label)


def test_money_that_cannot_be_spent_is_not_claimed(opened: Opened) -> None:
    app = opened_at(opened, "free", daily_budget="2000", duration_days="30", audience_size="2000")
    app.toggle(key="free_compare").set_value(True).run()
    assert not app.exception, app.exception[0].stack_trace
    table = cells(app)
    assert "dépense environ" in table
    assert not re.search(r"\d,\d\d\s€", table)


def test_the_dear_month_has_its_source_apart_from_the_sentence(opened: Opened) -> None:
    app = opened_at(opened, "variants")
    line = next(piece.value for piece in app.markdown if "Le mois le plus cher" in piece.value)
    assert line.endswith("(89).")
    assert "- advertising vendor" in said(app)
