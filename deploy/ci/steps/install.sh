#!/usr/bin/env bash
# Installs the client of this very commit, all by hash, into a place of its own on the runner.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
place="$RUNNER_TEMP/licet-client"
pip=("$place/bin/python" -m pip install -q --disable-pip-version-check --no-compile)

python3 -m venv "$place"
"${pip[@]}" --require-hashes -r "$here/requirements.txt" -r "$here/../../requirements/build.txt"
"${pip[@]}" --no-deps --no-build-isolation "$here"
echo "$place/bin" >>"$GITHUB_PATH"
