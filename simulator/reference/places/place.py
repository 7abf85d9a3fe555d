"""A place: a circle, a region or a country, checked against the tables when it is made."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import model_validator

from simulator.base.errors import InvalidInput, shown
from simulator.base.validation import Number, Text, Validated, between, figure
from simulator.reference.places.nearby import country_at
from simulator.reference.places.people import population
from simulator.reference.places.regions import check_country, region_label
from simulator.reference.places.search import find_place

PLACE_KINDS = ("circle", "region", "country")
RADIUS_KM = (1.0, 80.0)


class Place(Validated):
    """A circle, a region or a country; keeps its coordinates, so that it never moves with a new table.

    Made by ``Place.around``, ``Place.at``, ``Place.region`` or ``Place.country``.

    Attributes
    ----------
    kind : str
        circle, region or country.
    country_code : str
        Two letters such as FR or CA.
    code : str
        Of the town, region or country; empty for a point.
    latitude, longitude : float, optional
        Degrees (WGS 84), of a circle alone.
    radius_km : float, optional
        1 to 80, of a circle alone.
    label : str
        Name to be shown.

    Examples
    --------
    >>> Place.around("Pau", radius_km=10).label
    'Pau'
    >>> Place.region("FR-64").label
    'Pyrénées-Atlantiques'
    """

    kind: Literal["circle", "region", "country"]
    country_code: Text
    code: Text = ""
    latitude: Annotated[Number, between(-90, 90, "°")] | None = None
    longitude: Annotated[Number, between(-180, 180, "°")] | None = None
    radius_km: Annotated[Number, between(*RADIUS_KM, "km")] | None = None
    label: Text = ""

    @classmethod
    def around(cls, name: str, country: str = "FR", radius_km: float = 25) -> Self:
        """Return the circle of ``radius_km`` (1 to 80) around a town found by name, postal code or code."""
        _country(country)
        found = find_place(name, country)
        return cls(
            kind="circle",
            country_code=found.country_code,
            code=found.code,
            latitude=found.latitude,
            longitude=found.longitude,
            radius_km=radius_km,
            label=found.name,
        )

    @classmethod
    def at(
        cls, latitude: float, longitude: float, country: str | None = None, radius_km: float = 25, label: str = ""
    ) -> Self:
        """Return the circle around a point given in degrees (WGS 84).

        Without ``country`` it is that of the people who live nearest. The people inside always count by the rules of
        the countries where they live.
        """
        circle: dict[str, Any] = {"latitude": latitude, "longitude": longitude, "radius_km": radius_km}
        place = cls(kind="circle", country_code="FR" if country is None else country, label=label, **circle)
        # Looked up only once the position has been checked.
        return place if country is not None else place.replace(country_code=country_at(latitude, longitude))

    @classmethod
    def region(cls, code: str) -> Self:
        """Return a region by code: ``FR-64`` (département), ``FR-NAQ``, ``CA-QC``, ``CA-QC-03``."""
        return cls(kind="region", country_code=str(code)[:2], code=code)

    @classmethod
    def country(cls, code: str) -> Self:
        """Return a country by its two-letter code."""
        return cls(kind="country", country_code=code, code=code)

    @property
    def population(self) -> float:
        """People living there, all ages."""
        return population(self)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, entries: Any) -> Any:
        """Complete the label of a region or a country from the table; a wrong code is refused afterwards."""
        if not isinstance(entries, dict):
            return entries
        texts = [entries.get(name, "") for name in ("kind", "code", "label")]
        if not all(isinstance(one, str) for one in texts) or texts[0] not in ("region", "country") or texts[2]:
            return entries  # what is no text is refused by its own check
        try:
            return {**entries, "label": region_label(texts[1])}
        except InvalidInput:
            return entries

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.kind == "region":
            self._check_region()
        _country(self.country_code)
        if self.kind == "country" and self.code != self.country_code:
            raise InvalidInput("unknown_choice", field="code", received=shown(self.code), allowed=self.country_code)
        for field in ("latitude", "longitude", "radius_km"):
            value = getattr(self, field)
            if self.kind == "circle" and value is None:
                raise InvalidInput("missing", field=field, allowed="a value")
            if self.kind != "circle" and value is not None:
                allowed = f"nothing for a {self.kind}"
                raise InvalidInput("wrong_type", field=field, received=figure(value), allowed=allowed)
        return self

    def _check_region(self) -> None:
        region_label(self.code)
        if self.code[:2] != self.country_code or len(self.code) == 2:
            allowed = f"a region of {shown(self.country_code)} is needed; for a whole country use Place.country"
            raise InvalidInput("unknown_region", field="code", received=shown(self.code), allowed=allowed)


def _country(code: object) -> None:
    """Refuse what is no country; small letters and spaces are named, not corrected in silence."""
    try:
        check_country(code)  # type: ignore[arg-type]
    except InvalidInput as error:
        meant = code.strip().upper() if isinstance(code, str) else code
        if meant == code:
            raise
        check_country(meant)  # type: ignore[arg-type]
        raise InvalidInput(error.code, **{**error.data, "advice": f": {meant}"}) from None
