"""Draws a training log as an SVG file: training loss above, held-out bits per byte below."""

from __future__ import annotations

import math
from html import escape
from pathlib import Path

from trctrain import KitError
from trctrain.log import Row

WIDTH, HEIGHT, LEFT, RIGHT, TOP, GAP = 720, 220, 60, 20, 40, 50


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round numbers from low to high: steps of 1, 2 or 5 times a power of ten."""
    if not (math.isfinite(low) and math.isfinite(high)):
        raise KitError("a loss that is not finite cannot be drawn")
    if high <= low:
        return [low]
    power = 10.0 ** math.floor(math.log10((high - low) / most))
    step = next(m * power for m in (1, 2, 5, 10) if (high - low) / (m * power) <= most)
    return [i * step for i in range(math.ceil(low / step), math.floor(high / step) + 1)]


def svg(rows: list[Row], title: str) -> str:
    if not rows:
        raise KitError("the log has no row to draw")
    x = [row.tokens / 1e6 for row in rows]
    panels = [("training loss, nats per token", [row.loss for row in rows]),
              ("held-out text, bits per byte", [row.held_out_bits_per_byte for row in rows])]
    height = TOP + len(panels) * (HEIGHT + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{WIDTH / 2}" y="20" text-anchor="middle" font-size="14">'
        f'{escape(title)}, over tokens trained</text>']
    for number, (label, y) in enumerate(panels):
        parts += _panel(x, y, label, TOP + number * (HEIGHT + GAP))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _panel(x: list[float], y: list[float], label: str, top: float) -> list[str]:
    right, bottom = WIDTH - RIGHT, top + HEIGHT
    x_high = max(x) or 1.0
    y_low, y_high = min(y), max(y)
    margin = 0.05 * (y_high - y_low) or 0.5
    y_low, y_high = y_low - margin, y_high + margin

    def at_x(value: float) -> float:
        return LEFT + value / x_high * (right - LEFT)

    def at_y(value: float) -> float:
        return bottom - (value - y_low) / (y_high - y_low) * HEIGHT

    parts = [f'<text x="{LEFT}" y="{top - 6}">{escape(label)}</text>']
    for tick in ticks(y_low, y_high):
        parts.append(f'<path d="M{LEFT} {at_y(tick):.1f}H{right}" stroke="#ddd"/>'
                     f'<text x="{LEFT - 6}" y="{at_y(tick) + 4:.1f}" text-anchor="end">'
                     f'{tick:g}</text>')
    for tick in ticks(0, x_high):
        parts.append(f'<path d="M{at_x(tick):.1f} {bottom}v4" stroke="black"/>'
                     f'<text x="{at_x(tick):.1f}" y="{bottom + 18}" text-anchor="middle">'
                     f'{tick:g} M</text>')
    line = " ".join(f"{at_x(a):.1f},{at_y(b):.1f}" for a, b in zip(x, y))
    parts.append(f'<path d="M{LEFT} {top}V{bottom}H{right}" stroke="black" fill="none"/>')
    parts.append(f'<polyline points="{line}" stroke="#06c" stroke-width="1.5" fill="none"/>')
    return parts


def plot(rows: list[Row], path: Path, title: str) -> None:
    path.write_text(svg(rows, title), encoding="utf-8")
