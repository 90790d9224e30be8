from assistant.answering.small_talk import small_talk_reply, without_questions


def test_replies_suggest_questions_where_there_are_some() -> None:
    assert "When?" in small_talk_reply("greeting", "The SCO", ["When?"])
    assert "“The SCO”" in small_talk_reply("greeting", "The SCO", [])
    assert "the documents" in small_talk_reply("abilities", "", [])


def test_the_questions_can_be_taken_off_a_reply() -> None:
    for kind in ("greeting", "abilities", "thanks"):
        bare = small_talk_reply(kind, "The SCO", [])
        assert without_questions(small_talk_reply(kind, "The SCO", ["When?", "Who?"])) == bare
