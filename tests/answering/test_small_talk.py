from assistant.answering.small_talk import small_talk_reply


def test_replies_suggest_questions_where_there_are_some() -> None:
    assert "When?" in small_talk_reply("greeting", "The SCO", ["When?"])
    assert "“The SCO”" in small_talk_reply("greeting", "The SCO", [])
    assert "the documents" in small_talk_reply("abilities", "", [])
