"""What holds for every test: English, whatever the machine speaks."""

import pytest

from mxwalk.language import ENGLISH, use_language


@pytest.fixture(autouse=True)
def english(monkeypatch):
    """Speak English before and after."""
    for name in ("MXWALK_LANGUAGE", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    use_language(ENGLISH)
    yield
    use_language(ENGLISH)
