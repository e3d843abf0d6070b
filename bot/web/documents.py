"""A record as a document that a word processor opens."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from bot.domain.record import Record

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def as_docx(record: Record, say: Callable[[object], str]) -> bytes:
    """The record in the language of `say`, with real headings and table heads."""
    from docx import Document  # half a second to import, for the few who take a record out

    document = Document()
    document.core_properties.title = say(record.title)
    document.core_properties.author = ""
    document.add_heading(say(record.title), 0)
    document.add_paragraph(f"{say(record.about)}, {say(record.made_at)}")
    for part in record.parts:
        document.add_heading(say(part.title), 1)
        for words in part.paragraphs:
            document.add_paragraph(say(words))
        for table in part.tables:
            grid = document.add_table(rows=1, cols=len(table.head), style="Table Grid")
            for cell, words in zip(grid.rows[0].cells, table.head, strict=True):
                cell.paragraphs[0].add_run(say(words)).bold = True
            for row in table.rows:
                for cell, value in zip(grid.add_row().cells, row, strict=True):
                    cell.text = say(value)
    file = BytesIO()
    document.save(file)
    return file.getvalue()
