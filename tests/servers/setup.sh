#!/usr/bin/env bash
# Installs the servers the tests run against, pinned, into the git-ignored folder .tools/.
#
#   requirements.txt (hashes)   ──pip──▶ .tools/python   moto (AWS), MCP servers
#   package.json, package-lock  ──npm──▶ .tools/npm      emulate and Prism (GitHub), MCP servers, Node 24, fonts
#
# Safe to run again: each half is skipped while the stamp beside it still matches its lock file.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tools="$(cd "$here/../.." && pwd)/.tools"
mkdir -p "$tools"
# Where it is a link, npm would take the folder behind it for a package of its own.
tools="$(cd "$tools" && pwd -P)"

die() {
    printf 'tests/servers/setup.sh: %s\n' "$*" >&2
    exit 1
}

need() {
    command -v "$1" >/dev/null 2>&1 || die "$1 is missing. On Debian: apt-get install $2"
}

# One set-up at a time: two `make test` side by side would install over each other.
need flock util-linux
exec 9>"$tools/.lock"
flock 9

need sha256sum coreutils
need ssh-keygen openssh-client
need ssh-agent openssh-client
need python3 "python3 python3-venv"
need node "nodejs npm"
need npm "nodejs npm"
# Its programs are on nobody's PATH. Nothing of it is started here, and no cluster of the system's used.
newest="$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | cut -d/ -f5 | sort -n | tail -n 1)"
[ "${newest:-0}" -ge 15 ] || die "PostgreSQL 15 or newer is missing. On Debian: apt-get install postgresql"

# The interpreter belongs to the stamp: a virtual environment does not survive its Python.
python_stamp="$(python3 --version) $(cat "$here/requirements.txt" | sha256sum)"
if [ "$(cat "$tools/python.stamp" 2>/dev/null || true)" != "$python_stamp" ] ||
    ! "$tools/python/bin/python" -c 'import moto, mcp' 2>/dev/null; then
    echo "setup: Python packages (moto, MCP servers) into .tools/python"
    rm -rf "$tools/python" "$tools/python.stamp"
    python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
        die "$(python3 --version) is too old for the pinned packages: Python 3.11 or newer is needed"
    python3 -m venv "$tools/python" ||
        die "python3 cannot make a virtual environment. On Debian: apt-get install python3-venv"
    "$tools/python/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$here/requirements.txt" ||
        die "pip could not install tests/servers/requirements.txt (no network?); its message is above"
    printf '%s\n' "$python_stamp" >"$tools/python.stamp"
fi

npm_stamp="$(uname -sm) $(cat "$here/package.json" "$here/package-lock.json" | sha256sum)"
if [ "$(cat "$tools/npm.stamp" 2>/dev/null || true)" != "$npm_stamp" ] ||
    [ ! -d "$tools/npm/node_modules" ]; then
    echo "setup: npm packages (emulate, Prism, MCP servers, Node 24, fonts) into .tools/npm"
    rm -rf "$tools/npm" "$tools/npm.stamp"
    mkdir -p "$tools/npm"
    cp "$here/package.json" "$here/package-lock.json" "$tools/npm/"
    # No package of ours needs its install scripts, and what does not run cannot do harm.
    npm ci --prefix "$tools/npm" --ignore-scripts --no-audit --no-fund --loglevel=error ||
        die "npm could not install tests/servers/package-lock.json (no network?); its message is above"
    # 400 MB of the same description with its references written out, which nobody reads.
    rm -f "$tools"/npm/node_modules/@octokit/openapi/generated/*.deref.json
    printf '%s\n' "$npm_stamp" >"$tools/npm.stamp"
fi
