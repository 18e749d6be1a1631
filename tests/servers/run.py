#!/usr/bin/env python3
"""Starts the servers other people wrote, runs a command against them, and stops them again.

    tests/servers/run.py -- cargo test -- --include-ignored

      moto ────────────▶ COUNTERSIGN_TEST_MOTO            AWS, open
      moto ────────────▶ COUNTERSIGN_TEST_MOTO_ENFORCED   AWS; a test switches enforcement on
      emulate ─────────▶ COUNTERSIGN_TEST_EMULATE         GitHub's state: pull requests, reviews
      prism mock ──────▶ COUNTERSIGN_TEST_PRISM           GitHub's published description
      prism proxy ─────▶ COUNTERSIGN_TEST_GITHUB_FAKE     the same, in front of
        github_fake ───▶ COUNTERSIGN_TEST_GITHUB_FAKE_DIRECT   our stand-in for environments
      postgres ────────▶ COUNTERSIGN_TEST_POSTGRES        the distribution's, by its socket

Each address is a base URL on a free loopback port, PostgreSQL's the URL of its superuser. The
command's exit status is passed on; a
server that does not come up is a failure of its own (status 70) with the end of its log. All
servers are gone when this program is, however it ends.
"""

import ctypes
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TOOLS = HERE.parent.parent / ".tools"
PYTHON = TOOLS / "python/bin/python"
MODULES = TOOLS / "npm/node_modules"
DESCRIPTION = MODULES / "@octokit/openapi/generated/api.github.com.json"
KEPT_LOGS = TOOLS / "logs"

# Prism parses 13 MB of description: 8 s alone, over a minute beside a busy build.
READY_SECONDS = 240
STOP_SECONDS = 5
LOG_TAIL_LINES = 30
FAILED_TO_START = 70


class Failure(Exception):
    """Something a person has to put right; the text says what."""


class Server:
    """One server process and what is known of it."""

    def __init__(self, name, command, port, probe, *, variable, headers=None, env=None):
        self.name, self.command, self.port, self.variable = name, command, port, variable
        self.url = f"http://127.0.0.1:{port}"
        self.probe, self.headers, self.env = probe, headers or {}, env or {}
        self.log = self.process = None

    def start(self, logs):
        self.log = logs / f"{self.name}.log"
        environment = {
            name: value
            for name, value in os.environ.items()
            # A person's own accounts and proxies have no business in a test server.
            if not name.startswith(("AWS_", "GITHUB_", "GH_", "MOTO_"))
            and not name.lower().endswith("_proxy")
        }
        environment.update(self.env, PYTHONUNBUFFERED="1", NO_COLOR="1")
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [str(word) for word in self.command],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )

    def answers(self):
        """Whether it serves HTTP: any status will do, a stranger's 404 is an answer too."""
        request = urllib.request.Request(self.url + self.probe, headers=self.headers)
        try:
            with DIRECT.open(request, timeout=30) as response:
                response.read()
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    def tail(self):
        lines = self.log.read_text(errors="replace").splitlines()[-LOG_TAIL_LINES:]
        return "\n".join(f"    {line}" for line in lines) or "    (it wrote nothing)"

    def stop(self, how):
        # Always the whole group: the leader may be gone and have left children behind.
        try:
            os.killpg(self.process.pid, how)
        except ProcessLookupError:
            pass


class Postgres(Server):
    """PostgreSQL 15 or newer from the distribution's package, empty, for this run only."""

    def __init__(self):
        self.bins = newest_postgres()
        self.home = pathlib.Path(tempfile.mkdtemp(prefix="countersign-postgres-"))
        self.data = self.home / "data"
        # It refuses to run as root; the package comes with a user for it.
        self.user = []
        if os.geteuid() == 0:
            shutil.chown(self.home, "postgres", "postgres")
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        command = [
            *(*self.user, *(["--pdeathsig=KILL"] if self.user else [])),
            *(self.bins / "postgres", "-D", self.data, "-k", self.home),
            *("-c", "listen_addresses=", "-c", "max_connections=300"),
            # Stories that pull the plug start a server of their own.
            *("-c", "fsync=off", "-c", "full_page_writes=off"),
        ]
        super().__init__("postgres", command, 0, "", variable="POSTGRES")
        self.url = f"postgres://postgres@localhost/postgres?host={self.home}"

    def start(self, logs):
        made = subprocess.run(
            [
                *(*self.user, self.bins / "initdb", "-D", self.data, "--no-sync"),
                *("--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C.UTF-8"),
            ],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        if made.returncode != 0:
            raise Failure(f"initdb: {made.stdout.decode(errors='replace')}")
        super().start(logs)

    def answers(self):
        ready = [self.bins / "pg_isready", "-q", "-h", self.home]
        return subprocess.run(ready, cwd="/", check=False).returncode == 0

    def stop(self, how):
        # Politely means to it: when every client has gone. This is: now, and in order.
        super().stop(signal.SIGINT if how == signal.SIGTERM else how)
        if how == signal.SIGKILL:
            shutil.rmtree(self.home, ignore_errors=True)


def newest_postgres():
    """The folder of the newest server's programs."""
    found = [
        (int(initdb.parts[-3]), initdb.parent)
        for initdb in pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if initdb.parts[-3].isdigit()
    ]
    if not found or max(found)[0] < 15:
        raise Failure("PostgreSQL 15 or newer is missing. On Debian: apt-get install postgresql")
    return max(found)[1]


# urllib would otherwise send loopback requests through a configured proxy.
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def die_with_parent():
    """Has the kernel end a child when run.py is killed and cannot do it itself (Linux)."""
    pr_set_pdeathsig = 1
    try:
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


def free_ports(count):
    """Loopback ports nobody listens on, below the range the kernel gives to outgoing connections."""
    ports = []
    for _ in range(2000):
        port = random.randint(20000, 32000)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in ports:
            ports.append(port)
        if len(ports) == count:
            return ports
    raise Failure("no free loopback port between 20000 and 32000")


def node():
    """Node 24: emulate does not load on what distributions ship."""
    for machine in ("x64", "arm64"):
        packaged = MODULES / f"node-linux-{machine}/bin/node"
        if packaged.is_file():
            return packaged
    raise Failure(f"no Node in {MODULES}: run tests/servers/setup.sh")


def servers():
    """Every server with its command."""
    for path in (PYTHON, DESCRIPTION):
        if not path.exists():
            raise Failure(f"{path} is missing: run tests/servers/setup.sh")
    fake_program = HERE / "github_fake/server.py"
    if not fake_program.is_file():
        raise Failure(f"{fake_program} is missing: the environment stories need it")
    prism = [node(), MODULES / "@stoplight/prism-cli/dist/index.js"]
    ports = free_ports(6)

    def moto(name, variable):
        port = ports.pop()
        return Server(
            name,
            [PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", port],
            port,
            # Loads the AWS-managed policies, so that no test pays for it.
            "/?Action=ListPolicies&Version=2010-05-08&MaxItems=1",
            variable=variable,
            headers={
                "Authorization": "AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/iam/aws4_request,"
                " SignedHeaders=host, Signature=0"
            },
            env={
                "MOTO_IAM_LOAD_MANAGED_POLICIES": "true",
                # Enforcement starts when a test posts to /moto-api/reset-auth, not before.
                "INITIAL_NO_AUTH_ACTION_COUNT": "1000000",
            },
        )

    emulate_port, mock_port, fake_port, proxy_port = (ports.pop() for _ in range(4))
    fake = Server(
        "github_fake",
        [sys.executable, fake_program, "--port", fake_port],
        fake_port,
        "/",
        variable="GITHUB_FAKE_DIRECT",
    )
    return [
        Server(
            "prism-mock",
            [*prism, "mock", "-h", "127.0.0.1", "-p", mock_port, DESCRIPTION],
            mock_port,
            "/",
            variable="PRISM",
        ),
        Server(
            "prism-proxy",
            [*prism, "proxy", "--errors", "-h", "127.0.0.1", "-p", proxy_port, DESCRIPTION, fake.url],
            proxy_port,
            "/",
            variable="GITHUB_FAKE",
        ),
        fake,
        Postgres(),
        moto("moto", "MOTO"),
        moto("moto-enforced", "MOTO_ENFORCED"),
        Server(
            "emulate",
            [
                *(node(), MODULES / "emulate/dist/index.js", "start", "--service", "github"),
                *("--port", emulate_port, "--base-url", f"http://127.0.0.1:{emulate_port}"),
                *("--seed", HERE / "emulate.seed.yaml"),
            ],
            emulate_port,
            "/user",
            variable="EMULATE",
        ),
    ]


def wait_until_ready(running):
    """Returns when every server answers; raises when one ends or is late."""
    deadline = time.monotonic() + READY_SECONDS
    waiting = list(running)
    while waiting:
        for server in list(waiting):
            if server.process.poll() is not None:
                raise Failure(
                    f"{server.name} ended with status {server.process.returncode} before it was"
                    f" ready; the end of its log:\n{server.tail()}"
                )
            if server.answers():
                waiting.remove(server)
        if waiting and time.monotonic() > deadline:
            late = waiting[0]
            raise Failure(
                f"{late.name} did not answer within {READY_SECONDS} s;"
                f" the end of its log:\n{late.tail()}"
            )
        time.sleep(0.1 if waiting else 0)


def seed_emulate(base):
    """Opens the pull request emulate cannot be seeded with: Devin's, on lanternworks/checkout."""
    repo = f"{base}/repos/lanternworks/checkout"

    def call(method, url, token, body=None):
        request = urllib.request.Request(
            url,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
        )
        try:
            with DIRECT.open(request, timeout=30) as response:
                return json.loads(response.read() or b"null")
        except urllib.error.HTTPError as error:
            answer = error.read(500).decode(errors="replace")
            raise Failure(f"seeding emulate: {method} {url}: {error.code} {answer}") from error

    for bot in ("devin-ai-integration%5Bbot%5D", "copilot-swe-agent%5Bbot%5D", "cursor%5Bbot%5D"):
        for name in ("checkout", "ledger"):
            call(
                "PUT",
                f"{base}/repos/lanternworks/{name}/collaborators/{bot}",
                "token-admin",
                {"permission": "push"},
            )
    head = "devin/1763-refund-in-one-pass"
    tip = call("GET", f"{repo}/branches/main", "token-devin")["commit"]["sha"]
    call("POST", f"{repo}/git/refs", "token-devin", {"ref": f"refs/heads/{head}", "sha": tip})
    call(
        "PUT",
        f"{repo}/contents/src/refunds.ts",
        "token-devin",
        {
            "branch": head,
            "message": "Refund in one pass",
            # export const pass = 1;
            "content": "ZXhwb3J0IGNvbnN0IHBhc3MgPSAxOwo=",
        },
    )
    call(
        "POST",
        f"{repo}/pulls",
        "token-devin",
        {
            "title": "Refund in one pass",
            "head": head,
            "base": "main",
            "body": "Both ledgers are written together now.",
        },
    )


def run(command, running):
    """Runs the command with the addresses and gives its exit status."""
    environment = dict(os.environ)
    for server in running:
        environment[f"COUNTERSIGN_TEST_{server.variable}"] = server.url
    for name in ("NO_PROXY", "no_proxy"):
        theirs = environment.get(name)
        environment[name] = "127.0.0.1,localhost" + (f",{theirs}" if theirs else "")
    try:
        child = subprocess.Popen(command, env=environment, preexec_fn=die_with_parent)
    except OSError as error:
        raise Failure(f"cannot run {command[0]}: {error.strerror}") from error
    while True:
        try:
            status = child.wait()
        except KeyboardInterrupt:
            # The terminal sent it to the command too; what it makes of it decides.
            continue
        except Stopped as stopped:
            child.send_signal(stopped.signal)
            continue
        # As a shell puts it: 128 and the signal.
        return status if status >= 0 else 128 - status


class Stopped(Exception):
    """Somebody asked us to end."""

    def __init__(self, number):
        super().__init__(f"stopped by signal {number}")
        self.signal = number


def on_signal(number, _frame):
    raise Stopped(number)


def main():
    arguments = sys.argv[1:]
    if not arguments or arguments[0] != "--" or len(arguments) < 2:
        print("usage: tests/servers/run.py -- COMMAND [ARGUMENT]…", file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, on_signal)

    logs = pathlib.Path(tempfile.mkdtemp(prefix="countersign-servers-"))
    running, status = [], FAILED_TO_START
    try:
        started = time.monotonic()
        for server in servers():
            server.start(logs)
            running.append(server)
        wait_until_ready(running)
        seed_emulate(next(server.url for server in running if server.name == "emulate"))
        print(f"servers: ready in {time.monotonic() - started:.1f} s", file=sys.stderr)
        for server in running:
            print(f"  COUNTERSIGN_TEST_{server.variable}={server.url}", file=sys.stderr)
        sys.stderr.flush()
        status = run(arguments[1:], running)
        for server in running:
            if server.process.poll() is not None:
                print(f"servers: {server.name} ended while the command ran:", file=sys.stderr)
                print(server.tail(), file=sys.stderr)
                status = status or FAILED_TO_START
    except Failure as failure:
        print(f"servers: {failure}", file=sys.stderr)
    except (KeyboardInterrupt, Stopped) as stopped:
        status = 128 + getattr(stopped, "signal", signal.SIGINT)
    finally:
        # From here on nothing may keep us from ending what we started.
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        stop(running)
        if status != 0 and running:
            KEPT_LOGS.mkdir(parents=True, exist_ok=True)
            for log in logs.glob("*.log"):
                shutil.copy(log, KEPT_LOGS / log.name)
            print(f"servers: their logs are in {KEPT_LOGS}", file=sys.stderr)
        shutil.rmtree(logs, ignore_errors=True)
    return status


def stop(running):
    """Ends every server: politely, then not."""
    for server in running:
        server.stop(signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    for server in running:
        try:
            server.process.wait(timeout=max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            pass
        server.stop(signal.SIGKILL)
        server.process.wait()


if __name__ == "__main__":
    sys.exit(main())
