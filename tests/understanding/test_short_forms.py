import pytest

from assistant.understanding.short_forms import with_usual_forms

FORMS = [("HC", "Halden Compact"), ("Falkenried Institute", "FI")]


@pytest.mark.parametrize(
    ("question", "usual"),
    [
        ("Who leads the Halden Compact?", "Who leads the HC?"),
        ("who leads the halden  compact?", "who leads the HC?"),
        ("Who leads the HC?", "Who leads the HC?"),
        ("Is the Halden Compact (HC) old?", "Is the Halden Compact (HC) old?"),
        ("Who leads the FI?", "Who leads the Falkenried Institute?"),
        ("Who said if I may?", "Who said if I may?"),
        ("Is the anti-FI league old?", "Is the anti-FI league old?"),
    ],
)
def test_a_name_is_written_in_its_usual_form(question: str, usual: str) -> None:
    assert with_usual_forms(question, FORMS) == usual
