"""Papers as PDF: tagged for who reads with ears or fingers (PDF/UA-1), with title and language.

A template in `templates/print/` gets its values as JSON and never as source, so no text can become a command.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import typst
from starlette.responses import Response

from grants.language import tag
from grants.web.render import Site
from grants.web.say import TEMPLATES

PRINT = TEMPLATES / "print"
MEDIA_TYPE = "application/pdf"


async def make(template: str, values: Mapping[str, Any], language: str, site: Site) -> bytes:
    """The paper that `templates/print/<template>.typ` makes of these values; `title` must be among them.

    Beside the values the template knows `lang` and `sender`. It is made in a thread: it takes 10 ms and more.
    """
    sender = {"name": site.name, "municipality": site.municipality}
    known = {"lang": tag(language).split("-")[0], "sender": sender, "foot": site.name, **values}
    return await asyncio.to_thread(_compile, template, json.dumps(known, ensure_ascii=False))


def _compile(template: str, data: str) -> bytes:
    """The paper under PDF/UA-1; where no font shows a character somebody wrote, tagged but without that stamp.

    The standard forbids an empty box for a letter. For the reader it beats having no paper at all.
    """
    try:
        return _typst(template, data, stamped=True)
    except typst.TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        return _typst(template, data, stamped=False)


def _typst(template: str, data: str, *, stamped: bool) -> bytes:
    made: bytes = typst.compile(
        str(PRINT / f"{template}.typ"),
        root=str(PRINT),
        sys_inputs={"data": data},
        format="pdf",
        pdf_standards=["ua-1"] if stamped else [],
    )
    return made


def pdf(body: bytes, name: str) -> Response:
    """The paper as an answer that a browser keeps as `name`.pdf; it never opens as part of our pages."""
    headers = {"content-disposition": f'attachment; filename="{name}.pdf"'}
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def letter_parts(text: str) -> list[dict[str, Any]]:
    """The plain text of a letter in pieces: lines that belong together, and what is listed under them."""
    parts: list[dict[str, Any]] = []
    for paragraph in text.strip().split("\n\n"):
        parts.append({"text": "", "items": []})
        for line in paragraph.splitlines():
            if line.startswith("- "):
                parts[-1]["items"].append(line[2:])
                continue
            if parts[-1]["items"]:
                parts.append({"text": "", "items": []})
            parts[-1]["text"] = f"{parts[-1]['text']}\n{line}".strip("\n")
    return parts
