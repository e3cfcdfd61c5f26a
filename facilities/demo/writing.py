"""Short forms for the parts of a demo page."""

from typing import Any

Block = dict[str, Any]


def section(heading: str, anchor: str, *content: Block) -> Block:
    return {"type": "section", "value": {"heading": heading, "anchor": anchor, "content": list(content)}}


def text(*paragraphs: str) -> Block:
    return {"type": "text", "value": {"text": "".join(f"<p>{words}</p>" for words in paragraphs)}}


def listed(lead_in: str, *lines: str, after: str = "") -> Block:
    end = f"<p>{after}</p>" if after else ""
    items = "".join(f"<li>{line}</li>" for line in lines)
    return {"type": "text", "value": {"text": f"<p>{lead_in}</p><ul>{items}</ul>{end}"}}


def steps(*each: str) -> Block:
    return {"type": "steps", "value": {"steps": [f"<p>{words}</p>" for words in each]}}


def do_list(*lines: str) -> Block:
    return {"type": "do_list", "value": {"lines": [f"<p>{line}</p>" for line in lines]}}


def dont_list(*lines: str) -> Block:
    return {"type": "dont_list", "value": {"lines": [f"<p>{line}</p>" for line in lines]}}


def emergency(heading: str, *lines: str, after: str) -> Block:
    items = "".join(f"<li>{line}</li>" for line in lines)
    body = f"<ul>{items}</ul><p>{after}</p>"
    return {"type": "care_card", "value": {"level": "emergency", "heading": heading, "body": body}}


def call(heading: str, sentence: str) -> Block:
    return {
        "type": "call_to_action",
        "value": {"heading": heading, "sentence": sentence, "phone_line": "admissions"},
    }
