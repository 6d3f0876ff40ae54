"""A proxy in front of an endpoint that writes down every request that is not known to read only."""

import json
import re
import threading
from dataclasses import dataclass
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

READS = re.compile(r"^(Get|List|Describe|BatchGet|Filter|Assume)")


@dataclass(frozen=True)
class Sent:
    """A request: the operation in the target header, or the method and the path; the body as it was sent."""

    what: str
    body: object


class Recorder:
    """Passes everything on to `port` of loopback, unchanged."""

    def __init__(self, port):
        self.sent = []
        self._lock = threading.Lock()
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            """One connection."""

            protocol_version = "HTTP/1.1"

            def pass_on(self):
                """Notes the request, gives back the answer."""
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                recorder.note(self.command, self.path, self.headers, body)
                connection = HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request(self.command, self.path, body, dict(self.headers.items()))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = pass_on

            def log_message(self, *_):
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def note(self, method, path, headers, body):
        """Keeps what may change something."""
        target = headers.get("x-amz-target", "").rsplit(".", 1)[-1]
        query = re.search(rb"Action=(\w+)", body)
        # rpcv2Cbor names its operation in the path; its bodies are not JSON, and here they only read.
        cbor = re.search(r"/operation/(\w+)$", path)
        operation = target or (query and query[1].decode()) or (cbor and cbor[1])
        if (operation and READS.match(operation)) or (not operation and method == "GET"):
            return
        try:
            content = json.loads(body) if body else {}
        except ValueError:
            content = body.decode("utf-8", "replace")
        with self._lock:
            self.sent.append(Sent(operation or f"{method} {unquote(path)}", content))

    def taken(self):
        """What was sent since the last time."""
        with self._lock:
            sent, self.sent = self.sent, []
        return sent

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
