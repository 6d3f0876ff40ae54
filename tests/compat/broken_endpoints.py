"""Endpoints that do not answer as AWS does when all is well."""

import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ACCOUNT = "999999999999"
IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>arn:aws:sts::{ACCOUNT}:assumed-role/watch/me</Arn><UserId>AROA:me</UserId><Account>{ACCOUNT}</Account>
</GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>"""
LOGIN_PAGE = "<html><body>\x1b[2J<h1>Welcome to the hotel's network, please log in</h1></body></html>"


def text_of_cbor(text):
    """A CBOR text string of fewer than 256 bytes."""
    raw = text.encode()
    return bytes([0x78, len(raw)]) + raw


class Answers(BaseHTTPRequestHandler):
    """Answers every request in the protocol that it came in."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):  # noqa: N802 - the name that http.server wants
        """Any request."""
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        with self.server.counter:
            self.server.requests += 1
        if self.server.identity and b"Action=GetCallerIdentity" in body:
            self.answer(200, "text/xml", IDENTITY.encode())
        elif self.server.code is None:
            self.server.released.wait(120)
        elif self.server.code == "html":
            self.answer(200, "text/html", LOGIN_PAGE.encode())
        else:
            self.fail(self.server.code, "it is not to be")

    do_GET = do_POST  # noqa: N815

    def fail(self, code, message):
        """An error as AWS words it."""
        status = 400 if "Throttling" in code or "Expired" in code else 403
        if self.headers.get("smithy-protocol"):
            pairs = [("__type", code), ("message", message)]
            body = bytes([0xA0 + len(pairs)]) + b"".join(text_of_cbor(t) for pair in pairs for t in pair)
            self.answer(status, "application/cbor", body, {"smithy-protocol": "rpc-v2-cbor"})
        elif "x-www-form-urlencoded" in self.headers.get("content-type", ""):
            error = f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            body = f"<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>"
            self.answer(status, "text/xml", body.encode())
        else:
            body = f'{{"__type": "{code}", "message": "{message}"}}'
            self.answer(status, "application/json", body.encode(), {"x-amzn-errortype": code})

    def answer(self, status, kind, body, more=None):
        """Sends a response."""
        self.send_response(status)
        for name, value in ({"content-type": kind, "content-length": str(len(body))} | (more or {})).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Nothing on standard error."""


@contextmanager
def endpoint(code, identity=False):
    """An endpoint that fails with an error code; `html` for a page that is not AWS's; None for never an answer.

    With `identity` it answers GetCallerIdentity first.
    """
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    server.daemon_threads = True
    server.code, server.identity = code, identity
    server.requests, server.counter, server.released = 0, threading.Lock(), threading.Event()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        server.url = f"http://127.0.0.1:{server.server_address[1]}"
        yield server
    finally:
        server.released.set()
        server.shutdown()
        server.server_close()


@contextmanager
def silent_socket():
    """A port that accepts connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
