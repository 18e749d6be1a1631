#!/usr/bin/env bash
# Installs the peers that `make bench` measures beside ours, pinned, into .tools/peers.
#
# A measurement without a peer is still one: where they cannot be had this says so and is no
# failure. Safe to run again: nothing is done while the stamp matches requirements.txt.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
peers="${1:-$(cd "$here/../.." && pwd)/.tools/peers}"
stamp="$(python3 --version 2>&1) $(sha256sum <"$here/requirements.txt")"

if [ "$(cat "$peers/stamp" 2>/dev/null || true)" = "$stamp" ]; then
    exit 0
fi
echo "peers: Python packages (cloudsplaining) into $peers"
rm -rf "$peers"
if python3 -m venv "$peers" &&
    "$peers/bin/python" -m pip install --quiet --disable-pip-version-check \
        --require-hashes --requirement "$here/requirements.txt"; then
    printf '%s\n' "$stamp" >"$peers/stamp"
else
    rm -rf "$peers"
    echo "peers: NOT INSTALLED, see above; the figures come without them" >&2
fi
