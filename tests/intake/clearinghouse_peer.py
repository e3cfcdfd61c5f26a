"""A clearinghouse on loopback that speaks the documented v3 JSON; what it does with a check is set by the test."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CHECK, TOKEN = "/eligibility/v3", "/auth/token"
ANSWER_271 = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*US             *260301*1200*^*00501*000000001*0*P*:~"
    "GS*HB*PAYER*US*20260301*1200*1*X*005010X279A1~ST*271*0001*005010X279A1~BHT*0022*11*T1*20260301*1200~"
    "HL*1**20*1~NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*00001~HL*2*1*21*1~NM1*1P*2*DESERT WILLOW*****XX*1234567893~"
    "HL*3*2*22*0~TRN*2*T1*9123456789~NM1*IL*1*EXAMPLE*ROBIN****MI*EX123456~DMG*D8*19900102~"
    "EB*1**30**EXAMPLE PPO~EB*C*IND*30***29*0*****Y~EB*A*IND*AI*****.2****Y~SE*13*0001~GE*1*1~IEA*1*000000001~"
)
BENEFITS = [
    {"code": "1", "serviceTypeCodes": ["30"], "planCoverage": "EXAMPLE PPO"},
    {
        "code": "C",
        "coverageLevelCode": "IND",
        "serviceTypeCodes": ["30"],
        "timeQualifierCode": "29",
        "benefitAmount": "0",
        "inPlanNetworkIndicatorCode": "Y",
    },
    {
        "code": "A",
        "coverageLevelCode": "IND",
        "serviceTypeCodes": ["AI"],
        "benefitPercent": "0.2",
        "inPlanNetworkIndicatorCode": "Y",
    },
]
REPLY = {
    "meta": {"applicationMode": "production"},
    "payer": {"name": "EXAMPLE HEALTH PLAN", "payorIdentification": "00001"},
    "subscriber": {"memberId": "EX123456", "firstName": "ROBIN", "lastName": "EXAMPLE", "dateOfBirth": "19900102"},
    "benefitsInformation": BENEFITS,
}
NOT_FOUND = {
    "code": "75",
    "location": "Loop 2100C",
    "followupAction": "Please Correct and Resubmit",
    "description": "Subscriber/Insured Not Found",
}


@dataclass
class Peer:
    """`do` answers a check. What was asked is in `asked`: the headers and the body of each."""

    address: str = ""
    do: Callable[["Handler"], None] = lambda handler: handler.reply(200, REPLY)
    token: dict[str, Any] = field(default_factory=lambda: {"access_token": "given", "expires_in": 3600})
    token_status: int = 200
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    tokens_asked: int = 0
    enough: threading.Event = field(default_factory=threading.Event)

    @property
    def check_address(self) -> str:
        return self.address + CHECK

    @property
    def token_address(self) -> str:
        return self.address + TOKEN

    def always(self, status: int, body: dict[str, Any] | str) -> None:
        self.do = lambda handler: handler.reply(status, body)


class Handler(BaseHTTPRequestHandler):
    peer: Peer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == TOKEN:
            self.peer.tokens_asked += 1
            self.reply(self.peer.token_status, self.peer.token)
            return
        self.peer.asked.append((dict(self.headers), json.loads(body)))
        self.peer.do(self)

    def reply(self, status: int, body: dict[str, Any] | str) -> None:
        written = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def break_off(self) -> None:
        """Half of a reply, and the end."""
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        self.wfile.write(b'{"payer":')
        self.close_connection = True

    def drip(self) -> None:
        """A byte now and then, so that no single read is late."""
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()
        while not self.peer.enough.wait(0.05):
            self.wfile.write(b" ")
            self.wfile.flush()

    def hang(self) -> None:
        self.peer.enough.wait(30)

    def log_message(self, *_: object) -> None:
        """A test's peer keeps no log."""


@contextmanager
def clearinghouse_peer() -> Iterator[Peer]:
    peer = Peer()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OfPeer", (Handler,), {"peer": peer}))
    peer.address = f"http://127.0.0.1:{server.server_port}"
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    serving.start()
    try:
        yield peer
    finally:
        peer.enough.set()
        server.shutdown()
        serving.join()
        server.server_close()
