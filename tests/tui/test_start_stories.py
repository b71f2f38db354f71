"""The start screen's list and story, and what the field says of a scenario, in Korean."""

from mxwalk.lab import stories
from mxwalk.language import say, speaking
from tui.start_choices import _GROUPS, start_choices, story_of
from tui.understand import understand


def test_list_story_and_field_speak_the_language() -> None:
    with speaking("ko"):
        choices = {choice.key: choice for choice in start_choices()}
        told = [content.plain for content in story_of("pkix-expired")]
        meaning = understand("lab: pkix-expired").words
    assert choices["pkix-expired"].detail == "만료된 인증서"
    assert choices["pkix-expired"].copy == "pkix-expired"
    assert told[0] == "만료된 인증서"
    assert told[-1].endswith("인증서를 보지 않습니다.")
    assert meaning == "랩 시나리오: 만료된 인증서"


def test_a_group_has_one_name_in_list_and_command() -> None:
    with speaking("ko"):
        for group, words in _GROUPS.items():
            assert say(words) == stories.group_of(group)
