"""Arbitrary Unicode, with what breaks text handling made likely."""

from hypothesis import strategies as st

_TROUBLE = "\r\n\t .!?#-|*`>\0\u200b你。🙂👩\u200d🚀\u0301\ufe0fאב\u202e\u2028\x0b\x0ca1"
any_text = st.text(st.one_of(st.characters(codec="utf-8"), st.sampled_from(_TROUBLE)), max_size=300)
