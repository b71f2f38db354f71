"""A pytest plugin that takes one limit away: ``-p tests.resources.without``, ``MXWALK_WITHOUT=NAME``.

The product is loaded with a maximum many times as high, the tests see the true one, and a test that
lowers it lowers nothing.  A test that holds the limit fails.
"""

import functools
import importlib
import os
import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from mxwalk import limits
from tests.resources.caches import OURS

_ROOT = Path(__file__).parents[2]
_FACTOR, _MORE = 64, 1_000


def take_away(name: str) -> None:
    """Give the product a higher limit than the tests see, and have monkeypatches of it set that too."""
    true = getattr(limits, name)
    high = true * _FACTOR + _MORE
    setattr(limits, name, high)
    load(name)
    seen_by_the_product = types.SimpleNamespace(**vars(limits))
    for module in list(sys.modules.values()):
        if module.__name__.partition(".")[0] in OURS and module is not limits:
            if getattr(module, "limits", None) is limits and module.__name__ != "mxwalk":
                module.limits = seen_by_the_product  # type: ignore[attr-defined]
            if hasattr(module, name):  # loaded before
                setattr(module, name, high)
    setattr(limits, name, true)
    _patch_monkeypatch(name, high)


def load(name: str) -> None:
    """Import every module of the product that knows the limit."""
    known = re.compile(rf"\b{name}\b")
    for module, text in sources().items():
        if name in text and known.search(text):
            importlib.import_module(module)


@functools.cache
def sources() -> dict[str, str]:
    """Return the product's modules with their text."""
    paths = [path for package in OURS for path in (_ROOT / package).rglob("*.py")]
    return {
        ".".join(path.relative_to(_ROOT).with_suffix("").parts).removesuffix(".__init__"): (
            path.read_text("utf-8")
        )
        for path in paths
        if path.name != "limits.py"
    }


def _patch_monkeypatch(name: str, high: object) -> None:
    original = pytest.MonkeyPatch.setattr

    @functools.wraps(original)
    def setattr_(self: pytest.MonkeyPatch, target: Any, *args: Any, **more: Any) -> None:
        if isinstance(target, str) and target.rpartition(".")[2] == name:
            args = (high, *args[1:])
        elif args and args[0] == name:
            args = (name, high, *args[2:])
        original(self, target, *args, **more)

    pytest.MonkeyPatch.setattr = setattr_  # type: ignore[method-assign]


if os.environ.get("MXWALK_WITHOUT"):
    take_away(os.environ["MXWALK_WITHOUT"])
