"""The page of keys in the documentation is that of the registry."""

from tui import actions
from tui.keys_page import PAGE, keys_page


def test_the_page_is_what_the_registry_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == keys_page(), "run: python -m tui.keys_page"


def test_every_action_of_the_registry_is_on_the_page() -> None:
    page = keys_page()
    assert [one.id for one in actions.all_actions() if f"`{one.id}`" not in page] == []
