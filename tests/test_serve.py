"""What the page's server shows and what it refuses, one rule after the other, with the exact words."""

import contextlib
import hashlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

ROOT = pathlib.Path(os.environ.get("SOURCE", pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(ROOT / "tests" / "support"))
from serving import PASO, PATIENCE, Served, Server, request  # noqa: E402

POLICY = ("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
          "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")


class Shown(Served):
    def test_data_are_those_of_the_site(self):
        site = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "site")
        subprocess.run([PASO, "site", "tutorial", site, "--members", "4", "--quiet"], check=True)
        for name in ("corridor.json", "program.bin", "state.bin", "claims.json", "paso.wasm"):
            with self.subTest(file=name):
                reply = self.server.get(f"/data/{name}")
                self.assertEqual(reply.status, 200)
                self.assertTrue(reply.bytes == (site / "data" / name).read_bytes())
        for path in sorted(site.rglob("*")):
            name = path.relative_to(site).as_posix()
            if path.is_file() and not name.startswith(("data/", "api/")):
                with self.subTest(file=name):
                    self.assertTrue(self.server.get(f"/{name}").bytes == path.read_bytes())

    def test_page_is_the_built_one(self):
        page = ROOT / "page/dist/index.html"
        reply = self.server.get("/")
        if not page.exists():
            self.assertEqual(reply.error, (404, "no such address", "", "this program was built without the page"))
            return
        self.assertEqual((reply.status, reply.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertTrue(reply.bytes == page.read_bytes())
        self.assertEqual(self.server.get("/index.html").bytes, reply.bytes)

    def test_files_are_revalidated(self):
        first = self.server.get("/data/paso.wasm")
        self.assertEqual(first.headers["Content-Type"], "application/wasm")
        self.assertEqual(first.headers["Cache-Control"], "no-cache")
        tag = first.headers["ETag"]
        self.assertEqual(tag, f'"{hashlib.sha256(first.bytes).hexdigest()[:32]}"')
        again = self.server.get("/data/paso.wasm", If_None_Match=tag)
        self.assertEqual((again.status, again.bytes, again.headers["ETag"]), (304, b"", tag))
        self.assertEqual(self.server.get("/data/paso.wasm", If_None_Match='"x"').status, 200)

    def test_head(self):
        reply = self.server.ask("HEAD", "/data/corridor.json")
        self.assertEqual((reply.status, reply.bytes), (200, b""))
        whole = self.server.get("/data/corridor.json")
        self.assertEqual(reply.headers["Content-Length"], str(len(whole.bytes)))

    def test_server(self):
        told = self.server.get("/api/server").json
        self.assertEqual(sorted(told), ["edit", "max_members", "save", "token", "version"])
        self.assertRegex(told["token"], "^[0-9a-f]{32}$")
        self.assertEqual((told["edit"], told["save"], told["max_members"]), (True, False, 20000))

    def test_every_server_has_its_token(self):
        other = Server("tutorial", "--members", "1", "--quiet")
        self.addCleanup(other.stop)
        self.assertNotEqual(other.token, self.server.token)
        self.assertEqual(other.post("/api/check", {"files": []}, X_Paso_Token=self.server.token).status, 403)


class Refused(Served):
    def test_every_reply_has_the_headers(self):
        replies = [self.server.get("/data/corridor.json"), self.server.get("/data/paso.wasm"),
                   self.server.get("/api/server"), self.server.get("/nothing"), self.server.get("/", host="evil.example"),
                   self.server.ask("PUT", "/"), self.server.post("/api/runs", b"{"),
                   self.server.get("/api/runs/0/events")]
        self.assertEqual([r.status for r in replies], [200, 200, 200, 404, 421, 405, 400, 404])
        for reply in replies:
            with self.subTest(status=reply.status):
                self.assertEqual(reply.headers["Content-Security-Policy"], POLICY)
                self.assertEqual(reply.headers["X-Content-Type-Options"], "nosniff")
                self.assertEqual(reply.headers["Referrer-Policy"], "no-referrer")
                self.assertEqual(reply.headers["Cross-Origin-Resource-Policy"], "same-origin")
                self.assertEqual(reply.headers["Cross-Origin-Opener-Policy"], "same-origin")
                self.assertIsNone(reply.headers["Access-Control-Allow-Origin"])
                self.assertEqual(reply.headers["Cache-Control"], "no-cache" if reply.headers["ETag"] else "no-store")

    def test_host(self):
        port = self.server.port
        for host in (f"127.0.0.1:{port}", f"localhost:{port}", f"LOCALHOST:{port}"):
            with self.subTest(host=host):
                self.assertEqual(self.server.get("/api/server", host=host).status, 200)
        wrong = (421, "this server is not that host", "", f"127.0.0.1:{port}")
        for host in ("evil.example", f"evil.example:{port}", "127.0.0.1", f"127.0.0.1:{port + 1}", f"[::1]:{port}",
                     f"127.0.0.1:{port}.evil.example", f"0.0.0.0:{port}", f"127.1:{port}"):
            for path in ("/", "/data/corridor.json", "/api/server", "/api/text"):
                with self.subTest(host=host, path=path):
                    self.assertEqual(self.server.get(path, host=host).error, wrong)

    def test_no_host(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as s:
            s.sendall(b"GET /api/server HTTP/1.0\r\n\r\n")
            self.assertIn(b" 421 ", s.recv(4096).splitlines()[0])

    def test_origin(self):
        port = self.server.port
        for origin in (f"http://127.0.0.1:{port}", f"http://localhost:{port}"):
            self.assertEqual(self.server.get("/api/server", Origin=origin).status, 200)
        wrong = (403, "another page may not ask here", "", "")
        for origin in ("null", "https://evil.example", f"https://127.0.0.1:{port}", f"http://127.0.0.1:{port + 1}",
                       f"http://evil.example:{port}"):
            with self.subTest(origin=origin):
                self.assertEqual(self.server.get("/api/server", Origin=origin).error, wrong)
                self.assertEqual(self.server.post("/api/runs", request(), Origin=origin).error, wrong)

    def test_site(self):
        for site in ("same-origin", "none"):
            self.assertEqual(self.server.get("/api/server", Sec_Fetch_Site=site).status, 200)
        for site in ("cross-site", "same-site", ""):
            with self.subTest(site=site):
                self.assertEqual(self.server.get("/api/server", Sec_Fetch_Site=site).error,
                                 (403, "another site may not ask here", "", ""))

    def test_methods(self):
        for method in ("PUT", "PATCH", "OPTIONS", "TRACE", "CONNECT", "FROB", "get"):
            with self.subTest(method=method):
                reply = self.server.ask(method, "/api/server")
                self.assertEqual(reply.error, (405, "expected GET, HEAD, POST or DELETE", "", ""))
                self.assertEqual(reply.headers["Allow"], "GET, HEAD, POST, DELETE")

    def test_token(self):
        wrong = (403, "expected the token of this server", "", "reload the page")
        token = self.server.token
        almost = token[:-1] + ("0" if token[-1] != "0" else "1")
        for given in (None, "", "x", almost, token + "0", token[:-1], token.upper() if token.upper() != token else "X"):
            for method, path in (("POST", "/api/runs"), ("POST", "/api/check"), ("POST", "/api/apply"),
                                 ("POST", "/api/save"), ("DELETE", "/api/runs/0")):
                with self.subTest(token=given, path=path):
                    body = {} if method == "POST" else None
                    self.assertEqual(self.server.ask(method, path, body, X_Paso_Token=given).error, wrong)

    def test_type(self):
        wrong = (415, "expected application/json", "", "")
        for given in (None, "text/plain", "application/x-www-form-urlencoded", "application/jsonp"):
            with self.subTest(type=given):
                self.assertEqual(self.server.post("/api/check", {"files": []}, Content_Type=given).error, wrong)
        given = "Application/JSON; charset=utf-8"
        self.assertEqual(self.server.post("/api/check", {"files": []}, Content_Type=given).status, 200)

    def test_addresses_are_no_paths(self):
        for path in ("/nothing", "//", "/data", "/data/", "/data/program", "/../corridor.yml", "/data/../api/server",
                     "/data/..%2fcorridor.json", "/etc/passwd", "//etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/.",
                     "/corridor.yml", "/api", "/api/", "/api/runs", "/api/text/corridor.yml", "/data/paso.wasm/"):
            with self.subTest(path=path):
                self.assertEqual(self.server.get(path).error[:2], (404, "no such address"))
        for path in ("/", "/api/server", "/api/nothing", "/data/state.bin"):
            with self.subTest(path=path):
                self.assertEqual(self.server.post(path, {}).error[:2], (404, "no such address"))
                self.assertEqual(self.server.ask("DELETE", path).error[:2], (404, "no such address"))

    def test_large_bodies(self):
        wrong = (413, "expected at most 4 MiB", "", "")
        most = 4 * 1024 * 1024
        self.assertEqual(self.server.post("/api/check", b" " * (most + 1)).error, wrong)
        fits = self.server.post("/api/check", b'{"files": []}'.ljust(most))
        self.assertEqual((fits.status, fits.json), (200, {"diagnostics": []}))

    def test_endless_bodies_are_cut(self):
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) as s:
            s.sendall(b"POST /api/check HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            with self.assertRaises(OSError):
                for _ in range(1000):
                    s.sendall(b"10000\r\n" + b" " * 0x10000 + b"\r\n")

    def test_no_room_for_the_bodies_of_strangers(self):
        """What is refused by its headers, and what no request of its kind has, is read away and never held."""
        def grown():
            return int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text())[1])
        hosts = {"POST": f"Host: {self.server.host}", "GET": f"Host: {self.server.host}", "HEAD": "Host: x"}
        def ask(size):
            """Sixty at once, none of which ends before the others have sent all but their last byte."""
            sockets = []
            for method, host in list(hosts.items()) * 20:
                s = socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE)
                self.addCleanup(s.close)
                s.sendall(f"{method} /api/server HTTP/1.1\r\n{host}\r\nContent-Length: {size}\r\n\r\n".encode())
                s.sendall(b" " * (size - 1))
                sockets.append(s)
            for s in sockets:
                s.sendall(b" ")
            self.assertEqual([s.recv(65536).split(b" ")[1] for s in sockets], [b"403", b"200", b"421"] * 20)
            for s in sockets:
                s.close()
            for _ in range(600):  # threads of their own put them away
                if self.server.files() <= files:
                    break
                threading.Event().wait(0.1)
        files = self.server.files()
        ask(2)  # what as many connections take by themselves
        size, before = 4 * 1024 * 1024, grown()
        ask(size)
        self.assertLess(grown() - before, 30 * size // 1024)

    def test_silence_is_closed(self):
        """Half a request, and then nothing: the server hangs up, however long that takes."""
        begun = (b"", b"GET /api/server HTTP/1.1\r\nHost:", b"POST /api/check HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        silent = [socket.create_connection(("127.0.0.1", self.server.port), timeout=PATIENCE) for _ in begun]
        for s, words in zip(silent, begun):
            s.sendall(words)
        for s in silent:
            with s, contextlib.suppress(ConnectionResetError):
                while s.recv(4096):
                    pass

    @unittest.skipUnless(os.environ.get("PASO_LONG"), "slow: set PASO_LONG=1")
    def test_a_body_that_trickles_is_cut(self):
        """Never idle, never done: it is the whole that may not last."""
        with socket.create_connection(("127.0.0.1", self.server.port), timeout=1) as s:
            s.sendall(b"POST /api/check HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n")
            for _ in range(PATIENCE):
                try:
                    s.sendall(b" ")
                    if s.recv(4096) == b"":
                        return
                except TimeoutError:
                    continue
                except OSError:
                    return
        self.fail("it waits for ever")

    def test_large_headers(self):
        reply = self.server.get("/api/server", X_Large="x" * 64 * 1024)
        self.assertEqual(reply.status, 431)

    def test_json_is_read_strictly(self):
        for body, message in ((b"", "expected JSON, found nothing"),
                              (b"[" * 17, "expected at most 16 levels, found more"),
                              (b'{"a":1,"a":2}', "expected JSON, found a mistake in line 1, column 10: "
                                                 "duplicate object key near '\"a\"'"),
                              (b'"\xff"', "expected JSON, found a mistake in line 1, column 1: "
                                          "unable to decode byte 0xff near '\"'"),
                              (b"{}x", "expected JSON, found a mistake in line 1, column 3: end of file expected near 'x'")):
            with self.subTest(body=body):
                self.assertEqual(self.server.post("/api/runs", body).error, (400, message, "", ""))

    def test_a_server_answers_after_all_that(self):
        self.assertEqual(self.server.get("/api/server").status, 200)


class Listening(unittest.TestCase):
    @unittest.skipUnless(PASO, "needs the command: set PASO")
    def setUp(self):
        os.environ["PASO_CORRIDORS"] = str(ROOT / "corridors")

    def test_loopback_only(self):
        server = Server("tutorial", "--members", "1", "--quiet")
        self.addCleanup(server.stop)
        listening = [line.split()[1] for line in pathlib.Path("/proc/net/tcp").read_text().splitlines()[1:]
                     if line.split()[3] == "0A" and line.split()[1].endswith(f":{server.port:04X}")]
        self.assertEqual(listening, [f"0100007F:{server.port:04X}"])

    def test_taken_port(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            done = subprocess.run([PASO, "serve", "tutorial", "--port", str(port)], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (4, ""))
        self.assertEqual(done.stderr, f"paso serve: 127.0.0.1:{port}: Address already in use\n"
                                      "  hint: without --port a free one is found\n")

    def test_next_port(self):
        """Whoever has 8737, a second and a third server find ports of their own."""
        servers = [subprocess.Popen([PASO, "serve", "tutorial", "--members", "1"], stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True) for _ in range(2)]
        urls = [s.stdout.readline().strip() for s in servers]
        for s in servers:
            s.terminate()
        said = [s.communicate(timeout=PATIENCE)[1] for s in servers]
        self.assertEqual([s.returncode for s in servers], [0, 0])
        self.assertEqual(len(set(urls)), 2)
        self.assertTrue(any("port 8737 is taken: using " in text for text in said), said)
        for url in urls:
            self.assertTrue(re.fullmatch(r"http://127\.0\.0\.1:8[78]\d\d/", url), url)

    def test_a_corridor_whose_members_fail(self):
        """Told to who asks for the data, not a reason to end."""
        folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()), "mine")
        shutil.copytree(ROOT / "corridors/tutorial", folder)
        text = (folder / "corridor.yml").read_text()
        self.assertIn("hazard: 1 / patience", text)
        (folder / "corridor.yml").write_text(text.replace("hazard: 1 / patience", "hazard: -1 / patience"))
        server = Server(folder, "--members", "2", "--quiet")
        reply = server.get("/data/program.bin")
        self.assertEqual(reply.status, 500)
        self.assertRegex(reply.json["error"]["message"], "^a check of the model failed: member 0: ")
        run, last = server.finish(request())
        self.assertEqual(last["state"], "failed")
        self.assertEqual(last["error"]["message"], reply.json["error"]["message"])
        self.assertEqual(server.get(f"/api/runs/{run}/answer").status, 204)
        self.assertEqual(server.stop(), (0, ""))


if __name__ == "__main__":
    unittest.main()
