from assistant import load_settings
from assistant.web.chat.handover_choice import open_handover


def test_questions_are_handed_over_only_by_a_database() -> None:
    assert open_handover(load_settings()) is None
    handover = open_handover(load_settings(database="postgresql://one.invalid/x"))
    assert handover is not None
    handover.close()
