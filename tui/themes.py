"""Textual's dark and light themes with text colours that stay readable: 4.5 to 1 and better.

The names stay Textual's; only colours of text, and in the light theme the grounds, are others.
"""

from dataclasses import replace

from textual.theme import BUILTIN_THEMES, Theme

_DARK = {"text-error": "#F09CB0", "text-secondary": "#8DB8DA", "text-primary": "#6CB6F0"}
_LIGHT = {
    "text-success": "#17572E",
    "text-warning": "#6E4300",
    "text-accent": "#6E4300",
    "text-error": "#8A1230",
    "text-secondary": "#004F8B",
    "block-cursor-blurred-background": "#CBDDEC",
}


def readable_themes() -> tuple[Theme, ...]:
    """Return the themes to register in place of Textual's own of the same names."""
    dark, light = BUILTIN_THEMES["textual-dark"], BUILTIN_THEMES["textual-light"]
    return (
        replace(dark, variables={**dark.variables, **_DARK}),
        replace(
            light,
            background="#FAFAFA",
            surface="#F2F2F2",
            panel="#E4E4E4",
            variables={**light.variables, **_LIGHT},
        ),
    )
