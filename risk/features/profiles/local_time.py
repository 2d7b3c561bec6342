"""The time of day where somebody is, as well as a country can tell it."""

from __future__ import annotations

_HOURS = {
    -10: "PF CK",
    -8: "PN",
    -6: "US MX GT SV HN NI CR BZ EC",
    -5: "CA PE CO PA JM CU HT BS KY TC",
    -4: "VE BO CL PY DO PR GY TT BB AG AI AW BL BM BQ CW DM FK GD GP KN LC MF MQ MS SX VC VG VI",
    -3: "BR AR UY SR GF PM GL",
    -1: "CV",
    1: "DE FR ES IT NL BE AT CH PL CZ SK HU SE NO DK LU SI HR BA RS ME MK AL XK MT MC SM VA AD LI GI SJ "
    "NG DZ TN MA EH CM AO BJ CD CF CG GA GQ NE TD",
    2: "GR RO BG FI EE LV LT UA MD CY AX EG ZA IL PS LB JO LY SD SS ZW ZM MZ MW BW NA LS SZ RW BI",
    3: "RU TR BY SA IQ KW QA BH YE SY KE TZ UG ET SO DJ ER MG KM YT",
    4: "AE OM AZ GE AM MU RE SC IR",
    5: "PK UZ TM TJ MV TF AF KZ IN LK NP",
    6: "BD KG BT IO MM CC",
    7: "TH VN ID KH LA CX",
    8: "CN HK MO TW SG MY PH BN MN",
    9: "JP KR KP PW TL",
    10: "AU PG GU MP FM",
    11: "SB VU NC NF",
    12: "NZ FJ TV MH KI NR WF",
    13: "TO WS TK",
}
_OFFSETS = {country: hours for hours, countries in _HOURS.items() for country in countries.split()}


def utc_offset(country: str) -> int:
    """Hours by which standard time in ``country`` is ahead of UTC, where most of its people live; 0 if not known.

    Summer time and half hours are left out: what is asked is whether people are asleep.
    """
    return _OFFSETS.get(country, 0)


def to_number(country: str) -> int:
    """``country`` (two letters) as a small number, as profiles hold it."""
    return int.from_bytes(country.encode()[:2])


def from_number(number: int) -> str:
    """The country that ``to_number`` gave this number."""
    return number.to_bytes(2).decode("latin-1")
