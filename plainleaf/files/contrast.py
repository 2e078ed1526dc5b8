"""Contrast with white paper, as people with weak eyes need it (WCAG 2.2, 1.4.6)."""

from __future__ import annotations

# To 1: an office printer prints colours as grey, and a photocopier makes them paler again.
LEAST_CONTRAST = 7


def luminance(red: float, green: float, blue: float) -> float:
    """Give how light a colour is, 0 to 1, from parts of 0 to 1 (WCAG 2.2, relative luminance)."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (red, green, blue)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(luminance: float) -> float:
    """Give the contrast with white of what is so light, 1 to 21 (WCAG 2.2, contrast ratio)."""
    return 1.05 / (luminance + 0.05)


def contrast_with_white(colour: str) -> float:
    """Give the contrast of a colour `#rrggbb` with white, 1 to 21."""
    red, green, blue = (part / 255 for part in bytes.fromhex(colour[1:]))
    return contrast(luminance(red, green, blue))


def dark_enough(colour: str) -> str:
    """Give a colour `#rrggbb`, made darker in its own hue until it can be read on white."""
    parts = bytes.fromhex(colour[1:])
    darker = (bytes(part * share // 255 for part in parts) for share in range(255, -1, -1))
    shades = (f"#{shade.hex()}" for shade in darker)
    return next(shade for shade in shades if contrast_with_white(shade) >= LEAST_CONTRAST)
