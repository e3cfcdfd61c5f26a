"""The article page, beside nginx serving the same bytes from a file."""

import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.rounds import NotMeasured, Outcome, Round, measured, put_load
from benchmarks.server import VAR, Server, free_port
from benchmarks.visitors import ARTICLE
from config.launch.processes import start, stop

START_LIMIT = 10  # seconds
CONFIGURATION = """
daemon off;
worker_processes auto;
pid {folder}/pid;
error_log {folder}/error.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    default_type text/html;
    sendfile on;
    tcp_nopush on;
    tcp_nodelay on;
    keepalive_requests 100000000;
    open_file_cache max=10;
    {temporary_folders}
    server {{
        listen 127.0.0.1:{port} reuseport;
        location / {{ root {folder}/pages; try_files /article.html =404; }}
    }}
}}
"""
TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


class NoNginx(Exception):
    """There is no nginx to compare with; the message says what to do."""


class Page:
    """Reads one page from one server, and accepts no byte more or less than the page has."""

    def __init__(self, name: str, port: int, pids: list[int], *, size: int, clients: int) -> None:
        self.name, self.port, self.pids = name, port, pids
        self.size, self.clients = size, clients

    def measure(self, seconds: int) -> Round:
        return measured(lambda: self._get(seconds), pids=self.pids)

    def _get(self, seconds: int) -> Outcome:
        return put_load("get", self.port, clients=self.clients, seconds=seconds, wanted=200, body_size=self.size)


@contextmanager
def both_sides(server: Server, *, clients: int) -> Iterator[tuple[Page, Page]]:
    """The article from Quietline and from nginx; raises NotMeasured or NoNginx."""
    body = fetch(server.port)
    with running_nginx(body) as (port, pid):
        if fetch(port) != body:
            raise NotMeasured("nginx serves other bytes than Quietline.")
        yield (
            Page(f"GET {ARTICLE}", server.port, server.web_and_database(), size=len(body), clients=clients),
            Page(f"nginx, the same {len(body):,} bytes from a file", port, [pid], size=len(body), clients=clients),
        )


def fetch(port: int) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", ARTICLE)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise NotMeasured(f"The article answers {answer.status}.")
    return body


@contextmanager
def running_nginx(body: bytes) -> Iterator[tuple[int, int]]:
    """The port and process id of an nginx that answers every address with `body`."""
    program, folder, port = find_nginx(), VAR / "nginx", free_port()
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "pages").mkdir(parents=True)
    (folder / "pages" / "article.html").write_bytes(body)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        CONFIGURATION.format(
            folder=folder,
            port=port,
            user="user root;" if os.geteuid() == 0 else "",  # the var folder is closed to everyone else
            temporary_folders="\n    ".join(_temporary_folders(program, folder)),
        )
    )
    command = [program, "-e", folder / "error.log", "-c", configuration]
    with (folder / "output.log").open("wb") as output:
        child = start(command, environment=os.environ, output=output)
    try:
        _wait_until_ready(port, child, folder)
        yield port, child.pid
    finally:
        stop(child)


def find_nginx() -> str:
    """The nginx of this machine; installs one where that is ours to do. Raises NoNginx if there is none."""
    if not (found := _nginx()) and os.geteuid() == 0 and Path("/etc/debian_version").exists():
        print("Installing nginx-light, to compare with ...", flush=True)
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update"], check=False, env=environment, **quiet)
        subprocess.run(["apt-get", "install", "-y", "nginx-light"], check=False, env=environment, **quiet)
        found = _nginx()
    if not found:
        raise NoNginx("nginx is not installed. Install it to compare the article page with it.")
    return found


def _nginx() -> str | None:
    return shutil.which("nginx", path=os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin"]))


def _temporary_folders(program: str, folder: Path) -> list[str]:
    """Where nginx was built with a module that wants a folder of its own, that folder must be one we may write."""
    built = subprocess.run([program, "-V"], capture_output=True, text=True, check=False).stderr
    names = [name for name in TEMPORARY if f"--without-http_{name}_module" not in built]
    return [f"{name}_temp_path {folder}/{name};" for name in names]


def _wait_until_ready(port: int, child: subprocess.Popen, folder: Path) -> None:
    deadline = time.monotonic() + START_LIMIT
    while True:
        try:
            fetch(port)
            return
        except OSError:
            if child.poll() is not None or time.monotonic() > deadline:
                log = (folder / "error.log").read_text(errors="replace") if (folder / "error.log").exists() else ""
                raise NotMeasured(f"nginx did not start: {log.strip()}") from None
        time.sleep(0.05)
