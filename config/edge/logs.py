"""JSON log lines that hold ids, counts and outcomes, and never what a visitor typed.

Django's own records carry paths (a receipt token is a path) and exceptions carry values, so a record
of any logger but ours keeps only its route, its status and the class and place of its exception.
"""

import json
import logging
import re
import traceback
from datetime import UTC, datetime
from http import HTTPStatus

PLACES = re.compile(r"%(\(\w+\))?[-#0 +]*\d*(\.\d+)?[a-zA-Z]")  # where values stand in a message
OWN_LOGGERS = ("intake", "facilities", "config")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.partition(".")[0] in OWN_LOGGERS:
            line["event"] = record.getMessage()
        else:
            line["event"] = _constant_part(record) or f"{record.module}.{record.funcName}"
        if status := getattr(record, "status_code", None):
            line |= {"event": HTTPStatus(status).phrase, "status": status}  # Django's "%s: %s" says nothing here
        if match := getattr(getattr(record, "request", None), "resolver_match", None):
            line["route"] = match.route
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            frames = traceback.extract_tb(record.exc_info[2])
            line["frames"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]]
        return json.dumps(line)


def _constant_part(record: logging.LogRecord) -> str:
    """With arguments, the unformatted message is a constant of the library; without, it may be personal itself.

    "%s: %s" says nothing, so it is none.
    """
    text = PLACES.sub("…", record.msg) if record.args and isinstance(record.msg, str) else ""
    return text if re.search(r"\w", text) else ""
