"""Reading a form page as a browser does: what stands in its fields, and where its error summary points."""

import re
from html.parser import HTMLParser


class FormPage(HTMLParser):
    """The fields of the one form of a page, each with the values that a browser would send; and those nobody sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.hidden: dict[str, str] = {}
        self.ids: set[str] = set()
        self._in_form = False
        self._select = self._textarea = ""
        self.feed(html)
        self.targets = re.findall(r'href="#([^"]+)"', html.partition('class="problem"')[2].partition("</div>")[0])

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.ids.add(values.get("id", ""))
        if tag == "form":
            self._in_form = True
        elif self._in_form and values.get("type") == "hidden":
            self.hidden[values["name"]] = values["value"]
        elif self._in_form and tag == "input":
            is_choice = values.get("type") in ("radio", "checkbox")
            if "checked" in values or not (is_choice or values.get("type") == "file"):
                self._add(values["name"], values.get("value") or ("on" if is_choice else ""))
        elif self._in_form and tag == "select":
            self._select = values["name"]
        elif self._select and tag == "option" and "selected" in values:
            self._add(self._select, values["value"])
        elif self._in_form and tag == "textarea":
            self._textarea = values["name"]

    def handle_data(self, data):
        if self._textarea:
            self._add(self._textarea, data.removeprefix("\n"))  # a browser drops the first line break
            self._textarea = ""

    def handle_endtag(self, tag):
        if tag == "form":
            self._in_form = False
        elif tag == "select":
            self._select = ""

    def _add(self, name, value):
        self.fields.setdefault(name, []).append(value)
