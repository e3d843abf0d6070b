"""Results as a picture that can be read on a phone, drawn outside the writer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.backend_bases import RendererBase
    from matplotlib.font_manager import FontProperties
    from PIL.Image import Image

FONT = "DejaVu Sans"  # comes with the drawing library and has the letters of every Latin alphabet

# Pixels, as a point is one at 72 dots an inch. A phone shows the picture at about half size.
DPI = 72
WIDTH = 720
MARGIN = 32
INNER = WIDTH - 2 * MARGIN
TRACK_LENGTH = INNER - 110  # the rest is for the count
BAR = 30
AIR = 6
GAP = 26
TITLE, LABEL, SMALL = 30, 24, 22
LEADING = 1.3
MOST_LINES = 4
ALL_LINES = 30  # of labels in one picture, so that it stays small; the message has every word
MOST_BYTES = 60_000

INK, BAR_FILL, TRACK, PAPER = "#1a1a1a", "#1f4e79", "#e4e8ec", "#ffffff"
GREYS = ("#555555", "#979797")  # make letters smooth

Weight = Literal["normal", "bold"]


def bar_chart(labels: Sequence[str], counts: Sequence[int], title: str, turnout_line: str) -> bytes:
    """Draw one bar per label, in the given order, with its count in figures beside it; returns a PNG under 60 kB.

    The words are already in the reader's language. The bars have one colour, so colour carries no meaning; a label
    stands above its bar and is wrapped. Safe in any thread: nothing of the drawing library's global state is touched.
    """
    page = _Page()
    page.say(title, TITLE, "bold", most=2)
    page.y += GAP
    most = max(1, min(MOST_LINES, ALL_LINES // max(1, len(labels))))
    for number, (label, count) in enumerate(zip(labels, counts, strict=True), 1):
        page.say(page.shown(label) or str(number), LABEL, most=most)
        page.bar(count, max(1, *counts))
    page.say(turnout_line, SMALL, most=2)
    return small(page.drawn())


class _Page:
    """A picture that grows downwards; `y` is how far it is written, in pixels from its top."""

    def __init__(self) -> None:
        # Takes half a second and 60 MB, which only who draws should pay.
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
        from matplotlib.font_manager import findfont, get_font
        from matplotlib.transforms import Affine2D

        self.figure = Figure(figsize=(WIDTH / DPI, 1), dpi=DPI, facecolor=PAPER)
        self.renderer: RendererBase = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self.letters = get_font(findfont(FONT)).get_charmap()
        self.from_top = Affine2D().scale(1, -1)  # completed in `drawn`, when the height is known
        self.y: float = MARGIN

    def shown(self, words: str) -> str:
        """`words` on one line without the signs that the font cannot draw, as emoji."""
        return " ".join("".join(sign for sign in words if ord(sign) in self.letters or sign.isspace()).split())

    def say(self, words: str, size: int, weight: Weight = "normal", *, most: int) -> None:
        from matplotlib.font_manager import FontProperties

        font = FontProperties(family=FONT, size=size, weight=weight)

        def width(line: str) -> float:
            return float(self.renderer.get_text_width_height_descent(line, font, False)[0])

        for line in wrap(self.shown(words), width, INNER, most):
            self.y += size * LEADING
            self._write(line, MARGIN, self.y - size * 0.3, font)

    def bar(self, count: int, longest: int) -> None:
        from matplotlib.font_manager import FontProperties
        from matplotlib.patches import Rectangle

        self.y += AIR
        for length, colour in ((TRACK_LENGTH, TRACK), (TRACK_LENGTH * count / longest, BAR_FILL)):
            bar = Rectangle((MARGIN, self.y), length, BAR, color=colour, lw=0, transform=self.from_top)
            self.figure.add_artist(bar)
        font = FontProperties(family=FONT, size=LABEL, weight="bold")
        self._write(str(count), MARGIN + TRACK_LENGTH + AIR * 2, self.y + BAR / 2 + LABEL * 0.36, font)
        self.y += BAR + GAP

    def _write(self, line: str, x: float, baseline: float, font: FontProperties) -> None:
        # Without "math" a dollar sign in somebody's idea is a dollar sign.
        text = self.figure.text(x, baseline, line, fontproperties=font, color=INK, parse_math=False)
        text.set_transform(self.from_top)

    def drawn(self) -> Image:
        """The picture in all its colours."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from PIL import Image

        height = round(self.y + MARGIN)
        self.figure.set_size_inches(WIDTH / DPI, height / DPI)
        self.from_top.translate(0, height)
        canvas = FigureCanvasAgg(self.figure)
        canvas.draw()  # type: ignore[no-untyped-call]
        pixels = canvas.buffer_rgba()  # type: ignore[no-untyped-call]
        return Image.frombuffer("RGBA", canvas.get_width_height(), pixels).convert("RGB")


def small(drawn: Image) -> bytes:
    """The picture in no more colours than it needs; where that is still too large, smooth letters are given up."""
    from PIL import Image, ImageColor

    few = (INK, BAR_FILL, TRACK, PAPER)
    png = BytesIO()
    for colours in ((*few, *GREYS), few):
        palette = Image.new("P", (1, 1))
        palette.putpalette([level for colour in colours for level in ImageColor.getrgb(colour)])
        png = BytesIO()
        drawn.quantize(palette=palette, dither=Image.Dither.NONE).save(png, "png", optimize=True)
        if len(png.getvalue()) < MOST_BYTES:
            break
    return png.getvalue()


def wrap(words: str, width: Callable[[str], float], room: float, most: int) -> list[str]:
    """Break `words` into at most `most` lines no wider than `room`; what does not fit ends in an ellipsis."""
    lines: list[str] = []
    rest = words
    while rest and len(lines) < most:
        line, rest = _line(rest, width, room, "…" if len(lines) == most - 1 else "")
        lines.append(line)
    return lines


def _line(words: str, width: Callable[[str], float], room: float, ending: str) -> tuple[str, str]:
    """The longest beginning of `words` that fits, cut between words where possible, and the rest."""
    if width(words) <= room:
        return words, ""
    cut = max(1, bisect_right(range(len(words)), room, key=lambda end: width(words[:end] + ending)) - 1)
    space = words.rfind(" ", 0, cut + 1)
    if space > 0:
        return words[:space] + ending, words[space + 1 :]
    return words[:cut] + ending, words[cut:]
