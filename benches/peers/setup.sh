#!/usr/bin/env bash
# Installs the peers that `make bench` measures beside ours, pinned, into .tools/.
#
# A measurement without a peer is still one: where they cannot be had this says so and is no
# failure. Safe to run again: nothing is done while the stamp matches requirements.txt.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
peers="${1:-$(cd "$here/../.." && pwd)/.tools/peers}"
stamp="$(python3 --version 2>&1) $(sha256sum <"$here/requirements.txt")"

# Dippy answers Claude Code's hook as ours does. It is not on PyPI (what is called `dippy` there is
# something else), so it comes from its repository, by the hash of one commit (0.2.7). Another place
# to have that commit from: DIPPY_REPOSITORY=/path/to/a/clone.
dippy="$(dirname "$peers")/dippy"
dippy_commit=147f3468947dfebc7daf1f1d8be63e5a20844b79
dippy_from="${DIPPY_REPOSITORY:-https://github.com/ldayton/Dippy.git}"
if [ "$(git -C "$dippy" rev-parse HEAD 2>/dev/null || true)" != "$dippy_commit" ]; then
    echo "peers: Dippy into $dippy"
    rm -rf "$dippy"
    if ! git init --quiet "$dippy" ||
        ! git -C "$dippy" fetch --quiet --depth 1 "$dippy_from" "$dippy_commit" ||
        ! git -C "$dippy" checkout --quiet --detach "$dippy_commit"; then
        rm -rf "$dippy"
        echo "peers: Dippy NOT INSTALLED, see above; the figures come without it" >&2
    fi
fi

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
