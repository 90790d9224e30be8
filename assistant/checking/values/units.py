"""The units of numbers, and their size in the smallest unit of their dimension."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Unit:
    """The dimension that a unit measures, and its size in the dimension's smallest unit."""

    dimension: str
    factor: Decimal


_TABLE = """
seconds 1 second seconds sec secs
seconds 60 minute minutes min mins
seconds 3600 hour hours hr hrs h
seconds 86400 day days workday workdays weekday weekdays
seconds 604800 week weeks
seconds 1209600 fortnight fortnights
months 1 month months
months 12 year years
months 120 decade decades
months 1200 century centuries
millimetres 1 mm millimetre millimetres millimeter millimeters
millimetres 10 cm centimetre centimetres centimeter centimeters
millimetres 1000 m metre metres meter meters
millimetres 1000000 km kilometre kilometres kilometer kilometers
square-millimetres 1 mm² squaremillimetres
square-millimetres 1000000 m² squaremetres squaremeters
feet 1 foot feet ft
miles 1 mile miles
grams 1 g gram grams
grams 1000 kg kilogram kilograms kilo kilos
pounds-weight 1 lb lbs
litres 1 litre litres liter liters l
percent 1 % percent percentage percents pct
points 1 points percentagepoints
times 1 time times
euros 1 euro euros eur
dollars 1 dollar dollars usd
pounds 1 pound pounds gbp
yuan 1 yuan rmb cny renminbi
yen 1 yen jpy
volts 1 V volt volts
amperes 1 A ampere amperes amp amps
watts 1 W watt watts
hertz 1000000 MHz megahertz mhz
hertz 1000000000 GHz gigahertz ghz
celsius 1 °c celsius degreescelsius
fahrenheit 1 °f fahrenheit degreesfahrenheit
degrees 1 degree degrees
"""


UNITS = {
    name: Unit(dimension, Decimal(factor))
    for dimension, factor, *names in (line.split() for line in _TABLE.strip().splitlines())
    for name in names
}
"""Units by name, in lower case except where only the case tells units apart ("V", "A", "W")."""
CURRENCY_SIGNS = {"$": "dollars", "€": "euros", "£": "pounds", "¥": "yen"}
CURRENCY_CODES = {
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "CNY": "yuan",
    "RMB": "yuan",
    "JPY": "yen",
}
"""Currency codes that come before a number. "US$" is recognized by its sign."""
