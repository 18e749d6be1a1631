"""How answers go wrong.

A fault is `{"path": "/keys", "method": "GET", "fault": "429", "times": 1, "retry_after": 7}`:
the next `times` requests whose path contains `path` (and whose method is `method`, if given) get
that answer instead of theirs. `times` missing: all of them, until faults are deleted.

    403 404 409 422 429 500 503   an error in GitHub's form (429 and 403 with `retry_after`)
    html        200 with a sign-in page        truncated   half a body, then the line goes dead
    slow        nothing for `seconds`          reset       the line goes dead before any answer
    lost        the request is carried out, and its answer never comes
    drift       200 with an answer GitHub's description does not allow
    push        somebody pushes to pull request `number` of `repo` just then; the answer is right
"""

import json
import socket
import time


def take(world, method, path):
    for fault in world.faults:
        if fault.get("path", "") in path and fault.get("method", method) == method:
            left = fault.get("times")
            if left is not None:
                fault["times"] = left - 1
                if left <= 1:
                    world.faults.remove(fault)
            return fault
    return None


def push(world, fault):
    """Moves the head to a commit nobody has seen yet, with another change in it."""
    pull = world.find(fault["repo"], "pulls", str(fault["number"]))
    new = world.fresh_id()
    line = {"filename": "pushed", "status": "added", "additions": 1, "deletions": 0}
    pull["head"]["sha"] = f"{new:040x}"
    pull["files"] = [line | {"patch": f"@@ -0,0 +1 @@\n+push {new}"}]


def play(handler, fault, made):
    kind = str(fault["fault"])
    if kind in ("lost", "reset"):
        return hang_up(handler)
    if kind == "slow":
        time.sleep(float(fault.get("seconds", 5)))
        return hang_up(handler)
    if kind == "drift":
        return raw(handler, 200, "application/json", b'[{"id": "seven"}]')
    if kind == "html":
        return raw(handler, 200, "text/html", b"<!doctype html><title>Sign in</title>")
    if kind == "truncated":
        handler.send_response(200)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", "4096")
        handler.end_headers()
        handler.wfile.write(b'[{"id": 1, "tit')
        handler.wfile.flush()
        return hang_up(handler)
    status = int(kind)
    headers = {}
    if "retry_after" in fault:
        headers["Retry-After"] = str(fault["retry_after"])
    message = fault.get("message", f"fault {status}")
    return raw(handler, status, "application/json", json.dumps({"message": message}).encode(), headers)


def raw(handler, status, kind, body, headers=None):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, text in (headers or {}).items():
        handler.send_header(name, text)
    handler.end_headers()
    handler.wfile.write(body)
    handler.wfile.flush()


def hang_up(handler):
    handler.close_connection = True
    try:
        handler.connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
