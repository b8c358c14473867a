"""A server of the page for tests, and a client that asks as the page does."""

import http.client
import json
import os
import pathlib
import queue
import signal
import subprocess
import threading
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent.parent))
PASO = os.environ.get("PASO", "")
PATIENCE = 240  # seconds until a test gives up on a server that hangs; nothing is measured


class Reply:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()

    @property
    def json(self):
        return json.loads(self.bytes)

    @property
    def error(self):
        """(status, message, path, hint) of a reply that refuses."""
        e = self.json["error"]
        return (self.status, e["message"], e["path"], e["hint"])


class Server:
    def __init__(self, corridor, *options):
        words = [PASO, "serve", str(corridor), *(["--port", "0"] if "--port" not in options else []), *options]
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        lines = queue.Queue()
        threading.Thread(target=lambda: lines.put(self.process.stdout.readline()), daemon=True).start()
        self.url = lines.get(timeout=PATIENCE).strip()
        if not self.url:
            raise AssertionError(self.process.stderr.read())
        self.host = self.url.removeprefix("http://").rstrip("/")
        self.port = int(self.host.split(":")[1])
        self.token = self.get("/api/server").json["token"]

    def ask(self, method, path, body=None, host=None, **headers):
        """Headers by names with _ for -, None leaves one out. The token goes along unless it is given."""
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("X-Paso-Token", getattr(self, "token", None))
        if body is not None:
            headers.setdefault("Content-Type", "application/json")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            if host != "":
                connection.putheader("Host", host or self.host)
            for name, value in headers.items():
                if value is not None:
                    connection.putheader(name, value)
            data = body if body is None or isinstance(body, bytes) else json.dumps(body).encode()
            if data is not None and "Content-Length" not in headers:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            return Reply(connection.getresponse())
        finally:
            connection.close()

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, path, body, **more):
        return self.ask("POST", path, body, **more)

    def events(self, run):
        """The objects of a run's stream until it ends."""
        text = self.get(f"/api/runs/{run}/events").bytes.decode()
        return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]

    def finish(self, request):
        """(id, last event) of a run, once it has ended."""
        run = self.post("/api/runs", request).json["id"]
        return run, self.events(run)[-1]

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self, number=signal.SIGINT):
        """(exit code, stderr)"""
        if self.process.poll() is None:
            self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, errors


def request(base=(), other=(), policies=("as-happened", "as-happened"), members=4, until="2023-12-01", **more):
    """What the page asks for; base and other are changes (lever, cell, from, value)."""
    def side(policy, changes):
        keys = ("lever", "cell", "from", "value")
        return {"policy": policy, "changes": [dict(zip(keys, c)) for c in changes]}
    return {"base": side(policies[0], base), "other": side(policies[1], other), "members": members, "seed": "1",
            "until": until, "first": 4, **more}


@unittest.skipUnless(PASO, "needs the command: set PASO")
class Served(unittest.TestCase):
    """One server for all tests of a class; it must end clean, with nothing on stderr that was not meant."""
    corridor = "tutorial"
    options = ("--members", "4")

    @classmethod
    def setUpClass(cls):
        os.environ["PASO_CORRIDORS"] = str(ROOT / "corridors")
        cls.server = Server(cls.corridor, *cls.options)

    @classmethod
    def tearDownClass(cls):
        code, errors = cls.server.stop()
        if (code, errors) != (0, "Ctrl-C ends it\n"):
            raise AssertionError(f"exit {code}: {errors}")
