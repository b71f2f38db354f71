"""What holds for every test: the same generated inputs for everybody; English, whatever the machine speaks."""

import pytest

from mxwalk.language import ENGLISH, use_language
from tests.generated import load_profile

load_profile()  # before any test module is read: its `@examples` take the rest from the profile


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Speak English before and after."""
    for name in ("MXWALK_LANGUAGE", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    use_language(ENGLISH)
    yield
    use_language(ENGLISH)
