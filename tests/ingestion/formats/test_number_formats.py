import pytest

from assistant.ingestion.formats.number_formats import formatted


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (0.19, "0%", "19%"),
        (0.1925, "0.00%", "19.25%"),
        (9.5, "0.00", "9.50"),
        (1234567.0, "#,##0", "1,234,567"),
        (1234.5, "#,##0.00", "1,234.50"),
        (9.5, '#,##0.00 "€"', "9.50 €"),
        (9.5, "[$$-409]#,##0.00", "$9.50"),
        (9.5, '"EUR" 0.0', "EUR 9.5"),
        (-9.5, "0.00", "-9.50"),
        (-9.5, "0.00;(0.00)", "(9.50)"),
        (-9.5, "0.00;[Red]-0.00", "-9.50"),
        (9.5, "_-* #,##0.00\\ _€_-", "9.50"),
        (3.0, "0.##", "3"),
        (12.0, '0" km/h"', "12 km/h"),
        (45000.0, "yyyy-mm-dd", ""),
        (5.0, "General", ""),
        (5.0, "@", ""),
        (0.5, "# ?/?", ""),
        (5.0, "0.00E+00", ""),
    ],
)
def test_a_number_is_shown_in_its_format(value: float, code: str, shown: str) -> None:
    assert formatted(value, code) == shown
