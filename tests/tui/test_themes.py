"""Text is readable on every ground it stands on (WCAG 2 contrast of 4.5 to 1)."""

import pytest
from textual.color import Color
from textual.theme import Theme

from tui.themes import readable_themes

TEXTS = ("success", "warning", "error", "primary", "secondary", "accent")
GROUNDS = ("background", "surface", "panel", "block-cursor-blurred-background")


def luminance(color: Color) -> float:
    def linear(part: int) -> float:
        value = part / 255
        return value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(color.r) + 0.7152 * linear(color.g) + 0.0722 * linear(color.b)


def contrast(one: Color, other: Color) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", readable_themes(), ids=lambda theme: theme.name)
def test_state_colours_stand_out_from_every_ground(theme: Theme) -> None:
    colors = {**theme.to_color_system().generate(), **theme.variables}
    surface = Color.parse(colors["surface"])
    for ground in GROUNDS:
        back = Color.parse(colors[ground])
        back = surface.blend(back.with_alpha(1), back.a) if back.a < 1 else back
        for text in (*(f"text-{name}" for name in TEXTS), "foreground"):
            ratio = contrast(Color.parse(colors[text]), back)
            assert ratio >= 4.5, (ground, text, round(ratio, 2))
