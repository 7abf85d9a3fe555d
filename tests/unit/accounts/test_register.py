"""People, sessions and links, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from simulator.accounts import open_access
from simulator.accounts.people import ADMINISTRATOR, ADVISOR, ARTISAN, Claims, Person, person_key
from simulator.accounts.register import Access
from simulator.base.errors import InvalidInput
from simulator.library.database import Store
from tests.unit.accounts.conftest import ISSUER, House, claims
from tests.unit.library.examples import scenario

DAY = 86_400.0


class Clock:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(store: Store, clock: Clock) -> Access:
    open_access(store)
    return Access(store, clock)


def code_of(act: object, *arguments: object) -> str:
    with pytest.raises(InvalidInput) as refusal:
        act(*arguments)  # type: ignore[operator]
    return refusal.value.code


def test_somebody_new_is_an_artisan_without_a_team(access: Access) -> None:
    found = access.enter(claims("anna"), 5)
    assert (found.role, found.team, found.name) == (ARTISAN, "", "Anna")
    assert access.people() == [found]


def test_a_session_ends_at_sign_out_whatever_copies_of_its_cookie_there_are(access: Access) -> None:
    here = claims("anna", "one")
    access.enter(here, 5)
    access.enter(here, 5)
    access.leave(here)
    assert code_of(access.enter, here, 5) == "session_ended"
    access.enter(claims("anna", "two"), 5)


def test_a_sign_out_before_the_first_run_also_counts(access: Access) -> None:
    access.leave(claims("anna"))
    assert code_of(access.enter, claims("anna"), 5) == "session_ended"


def test_a_session_ends_with_its_token(access: Access, clock: Clock) -> None:
    brief = claims("anna", expires=clock.now + 60)
    access.enter(brief, 5)
    clock.now += 60
    assert code_of(access.enter, brief, 5) == "session_expired"
    # The same sign-in with a later end is none that the provider has given.
    assert code_of(access.enter, claims("anna", expires=clock.now + 600), 5) == "session_expired"


def test_what_is_expired_and_revoked_stays_refused_when_it_is_forgotten(access: Access, clock: Clock) -> None:
    old = claims("anna", "old", expires=clock.now + 60)
    access.enter(old, 5)
    access.leave(old)
    clock.now += 10 * DAY
    access.enter(claims("bruno", expires=clock.now + 60), 5)
    with access.store.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM access_session")) == 1
    assert code_of(access.enter, old, 5) == "session_expired"


def test_so_many_sessions_and_no_more(access: Access) -> None:
    for nonce in ("one", "two"):
        access.enter(claims("anna", nonce), 2)
    assert code_of(access.enter, claims("anna", "three"), 2) == "too_many_sessions"
    access.enter(claims("bruno", "one"), 2)
    access.leave(claims("anna", "one"))
    access.enter(claims("anna", "three"), 2)
    assert access.leave_everywhere(person_key(ISSUER, "anna")) == 2
    assert code_of(access.enter, claims("anna", "two"), 2) == "session_ended"


def test_a_change_of_role_holds_from_the_next_run(access: Access) -> None:
    me = access.enter(claims("anna"), 5)
    access.change(me.key, role=ADVISOR, team="north")
    found = access.enter(claims("anna"), 5)
    assert (found.role, found.team) == (ADVISOR, "north")
    assert code_of(lambda: access.change(me.key, role="king")) == "unknown_choice"
    assert code_of(lambda: access.change("nobody", role=ADVISOR)) == "unknown_person"
    assert code_of(lambda: access.change(me.key, team="x" * 61)) == "too_long"


def test_signing_in_again_keeps_the_role_unless_a_claim_was_named(access: Access) -> None:
    me = access.enter(claims("anna"), 5)
    access.change(me.key, role=ADMINISTRATOR)
    assert access.enter(claims("anna", "again"), 5).role == ADMINISTRATOR
    given = {"iss": ISSUER, "sub": "anna", "nonce": "third", "exp": 4e9, "groups": ["staff", "advisor"], "unit": "east"}
    found = access.enter(Claims.of(given, "groups", "unit"), 5)
    assert (found.role, found.team) == (ADVISOR, "east")
    # The provider no longer says it: no right is left over.
    found = access.enter(Claims.of({**given, "nonce": "4", "groups": None}, "groups", "unit"), 5)
    assert found.role == ARTISAN


def test_who_is_forgotten_is_signed_out_and_starts_anew(access: Access) -> None:
    me = access.enter(claims("anna"), 5)
    access.change(me.key, role=ADMINISTRATOR)
    access.forget(me.key)
    assert access.people() == []
    assert code_of(access.enter, claims("anna"), 5) == "session_ended"
    assert access.enter(claims("anna", "again"), 5).role == ARTISAN


@pytest.mark.parametrize("without", ["iss", "sub", "exp", "nonce"])
def test_a_token_must_say_whose_it_is_and_when_it_ends(without: str) -> None:
    given = {"iss": ISSUER, "sub": "anna", "nonce": "n", "exp": 4e9}
    Claims.of(given)
    del given[without]
    assert code_of(Claims.of, given) == "missing"


def test_the_moment_of_issue_stands_in_for_a_nonce() -> None:
    given = {"iss": ISSUER, "sub": "anna", "iat": 5, "exp": 4e9}
    assert Claims.of(given).session != Claims.of({**given, "iat": 6}).session


def test_two_accounts_never_share_a_key() -> None:
    assert person_key("https://a", "b") != person_key("https://a b", "")
    assert person_key("a", "bc") != person_key("ab", "c")
    assert len(person_key("a", "b")) == 32


def test_what_a_person_sees() -> None:
    me, you, else_ = Person("me", team="n"), Person("you", team="n"), Person("else", team="s")
    everyone = (me, you, else_)
    assert me.viewer(everyone).owners == {"me"}
    assert Person("me", role=ADVISOR, team="n").viewer(everyone).owners == {"me", "you"}
    assert Person("me", role=ADVISOR).viewer(everyone).owners == {"me"}, "no team is nobody's team"
    assert Person("me", role=ADMINISTRATOR).viewer(everyone).owners is None


def test_a_link_shows_one_version_to_whoever_has_it(house: House) -> None:
    one = scenario(title="first")
    view = house.view("artisan")
    view.save(one, 0)
    token = house.access.share(view, one.id, 30)
    view.save(one.replace(title="second"), 1)
    assert house.access.shared(token).scenario.title == "first"


def test_only_the_hash_of_a_link_is_kept(house: House) -> None:
    one = scenario()
    house.view("artisan").save(one, 0)
    token = house.access.share(house.view("artisan"), one.id, 30)
    with house.access.store.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM access_link")).all()
    assert len(token) == 43
    assert token not in str(rows)


def test_a_link_ends_by_time_by_hand_and_with_its_scenario(house: House, clock: Clock) -> None:
    access = Access(house.access.store, clock)
    view = house.view("artisan")
    one, other = scenario(), scenario()
    for each in (one, other):
        view.save(each, 0)
    late, revoked, gone = access.share(view, one.id, 1), access.share(view, one.id, 2), access.share(view, other.id, 2)
    access.unshare(view, one.id, access.links(view, one.id)[0].mark)
    access.unshare(view, one.id, access.links(view, one.id)[1].mark)
    late = access.share(view, one.id, 1)
    clock.now += DAY
    view.delete(other.id)
    for token in (late, revoked, gone, "", "x" * 43, late.swapcase(), "é" * 43):
        assert code_of(access.shared, token) == "unknown_link"
        with pytest.raises(InvalidInput) as refusal:
            access.shared(token)
        assert not token or token not in refusal.value.message


@pytest.mark.parametrize("role", ["advisor", "stranger", "administrator"])
def test_links_of_another_are_out_of_reach(house: House, role: str) -> None:
    one = scenario()
    view = house.view("artisan")
    view.save(one, 0)
    house.access.share(view, one.id, 30)
    mark = house.access.links(view, one.id)[0].mark
    theirs = house.view(role)
    if role != "stranger":  # an advisor of the team, an administrator
        assert house.access.links(theirs, one.id)[0].mark == mark
        house.access.unshare(theirs, one.id, mark)
        return
    for act in (house.access.links, lambda *a: house.access.share(*a, 30), lambda *a: house.access.unshare(*a, mark)):
        assert code_of(act, theirs, one.id) == "unknown_scenario"
    mine = scenario()
    theirs.save(mine, 0)
    # Nor through a scenario of one's own.
    assert code_of(house.access.unshare, theirs, mine.id, mark) == "unknown_link"


@pytest.mark.parametrize("days", [0, 366, float("nan"), "7", True])
def test_a_link_lasts_so_long_and_no_longer(house: House, days: float) -> None:
    one = scenario()
    house.view("artisan").save(one, 0)
    assert code_of(house.access.share, house.view("artisan"), one.id, days) == "out_of_range"


def test_erasing_a_client_takes_every_version_and_link(house: House) -> None:
    view = house.view("artisan")
    one = scenario(client="Fournil", notes="a word that is nowhere else: quetsche")
    view.save(one, 0)
    view.save(one.replace(client="another name", notes=""), 1)
    view.save(scenario(client="Garage"), 0)
    token = house.access.share(view, one.id, 30)
    assert house.access.erase("Fournil") == 1
    assert [row.client for row in house.access.store.search()] == ["Garage"]
    assert code_of(house.access.store.fetch, one.id) == "unknown_scenario"
    assert code_of(house.access.shared, token) == "unknown_link"
    with house.access.store.engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM access_link")) == 0
        assert connection.scalar(text("SELECT count(*) FROM scenario_version")) == 1


def test_what_was_erased_is_in_no_file_of_the_database(sqlite: Store, tmp_path: object) -> None:
    from pathlib import Path

    sqlite.save(scenario(client="Fournil", notes="quetsche " * 50))
    sqlite.save(scenario(client="Garage"))
    place = Path(sqlite.place)

    def holds() -> bool:
        return any(b"quetsche" in path.read_bytes() for path in place.parent.glob(f"{place.name}*"))

    assert holds()
    sqlite.erase("Fournil")
    assert not holds()
