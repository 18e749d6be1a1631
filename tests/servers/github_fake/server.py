#!/usr/bin/env python3
"""A small GitHub with a memory: environments that wait, movable heads, keys, secrets, apps.

    tests/servers/github_fake/server.py --port N

No server somebody else wrote knows GitHub's pending deployments, deploy keys or diffs. This one
does, and stands behind `prism proxy --errors` on GitHub's published description, so it cannot
drift from the truth. Its answers are laid over shapes.json (see make_shapes.py).

      test ──▶ prism proxy ──▶ here      everything under GitHub's own paths
      test ──────────────────▶ here      /_control/…, never through the proxy

A world is an organisation; a test makes its own under a name of its own (README.md beside this
file has the form of a seed and of faults):

    PUT    /_control/orgs/{org}            a seed: the whole world
    GET    /_control/orgs/{org}            the world as it is now, with the log of requests
    DELETE /_control/orgs/{org}/requests   forgets that log
    PATCH  /_control/orgs/{org}/repos/{repo}/pulls/{n}   changes fields; a new head is one of them
    PATCH  /_control/orgs/{org}/repos/{repo}/runs/{id}   changes fields
    POST   /_control/orgs/{org}/faults     from now on, so many matching requests go wrong
    DELETE /_control/orgs/{org}/faults     no more faults

Whoever asks is named by the token: `Bearer rowan` is the user `rowan`; `Bearer bad` is refused.
"""

import argparse
import json
import socket
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import faults
from routes import Answer, answer
from world import World

LOCK = threading.RLock()
WORLDS = {}
MOST_BODY = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "github-fake"
    sys_version = ""
    # Two small writes an answer would otherwise wait 40 ms for the peer's delayed ACK.
    disable_nagle_algorithm = True
    wbufsize = -1

    def log_message(self, *_):
        pass

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(min(length, MOST_BODY))
        target = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(target.query))
        parts = [urllib.parse.unquote(part) for part in target.path.strip("/").split("/") if part]
        try:
            value = json.loads(body) if body else None
        except ValueError:
            return self.reply(Answer(400, {"message": "Problems parsing JSON"}))
        if not parts:
            return self.reply(Answer(200, {"fake": "github"}))
        if parts[0] == "_control":
            with LOCK:
                return self.reply(self.control(parts[1:], value))
        return self.github(parts, query, value)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    # --- GitHub's side ----------------------------------------------------------------------

    def github(self, parts, query, value):
        login = (self.headers.get("Authorization") or "").removeprefix("Bearer ").strip()
        if login in ("", "bad"):
            return self.reply(Answer(401, {"message": "Bad credentials"}))
        org = parts[1] if parts[0] in ("orgs", "repos") and len(parts) > 1 else None
        with LOCK:
            world = WORLDS.get(org)
            fault = faults.take(world, self.command, self.path) if world else None
            if fault and fault["fault"] == "push":
                faults.push(world, fault)
                fault = None
            # Prism adds this header and our client does not send it.
            proxied = self.headers.get("Accept-Encoding") is not None
            if fault and fault["fault"] != "lost":
                made = None
            else:
                made = answer(world, self.command, parts, query, value, login, self.accepts_diff(), proxied)
                if self.command == "GET":
                    made.tag()
                    if made.etag and self.headers.get("If-None-Match") == made.etag:
                        made = made.not_modified()
            if world:
                world.requests.append(
                    {
                        "method": self.command,
                        "path": self.path,
                        "status": made.status if made else fault["fault"],
                        "body": value,
                        "agent": self.headers.get("User-Agent"),
                    }
                )
        if fault:
            return faults.play(self, fault, made)
        if made.pages:
            made.link(self.path, None if proxied else f"http://{self.headers.get('Host')}")
        return self.reply(made)

    def accepts_diff(self):
        return "diff" in (self.headers.get("Accept") or "")

    # --- the test's side --------------------------------------------------------------------

    def control(self, parts, value):
        if len(parts) < 2 or parts[0] != "orgs":
            return Answer(404, {"message": "no such control"})
        org, rest = parts[1], parts[2:]
        if self.command == "PUT" and not rest:
            WORLDS[org] = World(org, value or {})
            return Answer(200, {"made": org})
        world = WORLDS.get(org)
        if world is None:
            return Answer(404, {"message": f"no world {org}"})
        if self.command == "GET" and not rest:
            return Answer(200, world.state())
        if self.command == "DELETE" and rest == ["requests"]:
            world.requests.clear()
            return Answer(200, {})
        if rest == ["faults"]:
            world.faults.clear() if self.command == "DELETE" else world.faults.append(value)
            return Answer(200, {})
        if self.command == "PATCH" and len(rest) == 4 and rest[0] == "repos":
            thing = world.find(rest[1], rest[2], rest[3])
            if thing is None:
                return Answer(404, {"message": "no such thing"})
            thing.update(value)
            return Answer(200, thing)
        return Answer(404, {"message": "no such control"})

    def reply(self, made):
        self.send_response(made.status)
        for name, text in made.headers.items():
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(made.bytes)))
        self.send_header("X-RateLimit-Limit", "5000")
        self.send_header("X-RateLimit-Remaining", "4999")
        self.send_header("X-GitHub-Request-Id", f"FAKE:{time.monotonic_ns():X}")
        self.end_headers()
        if made.status not in (204, 304):
            self.wfile.write(made.bytes)
        self.wfile.flush()


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, address):
        # Clients that hang up in mid-answer are part of what is tested.
        pass

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().server_bind()


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--port", type=int, required=True)
    Server(("127.0.0.1", arguments.parse_args().port), Handler).serve_forever()


if __name__ == "__main__":
    main()
