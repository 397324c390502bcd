#!/usr/bin/env bash
# Asks for the verdict and leaves its files; the exit code is told in `code`, so that the steps after this one still run.
set -euo pipefail

folder="$RUNNER_TEMP/licet-reports"
mkdir -p "$folder"
rm -f "$folder"/*
arguments=(--wait --sarif "$folder/licet.sarif" --markdown "$folder/summary.md" --notice "$folder/NOTICE.txt")
add() { # add OPTION VALUE: an empty value is the server's default
  if [ -n "$2" ]; then arguments+=("$1=$2"); fi
}
add --project "$ASKED_PROJECT"
add --version "$ASKED_VERSION"
add --part "$ASKED_PART"
add --context "$ASKED_CONTEXT"
add --policy "$ASKED_POLICY"
add --fail-on "$ASKED_FAIL_ON"
add --baseline "$ASKED_BASELINE"
add --timeout "$ASKED_TIMEOUT"

# What is printed holds names of components: between these two lines the runner takes none of it for a command.
token=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
echo "::stop-commands::$token"
code=0
licet submit "${arguments[@]}" -- "$ASKED_SBOM" || code=$?
echo "::$token::"

case "$code" in 0) outcome=pass ;; 1) outcome=findings ;; 3) outcome=timeout ;; *) outcome=error ;; esac
{
  echo "code=$code"
  echo "outcome=$outcome"
  if [ -f "$folder/licet.sarif" ]; then echo "sarif=$folder/licet.sarif"; fi
  if [ -f "$folder/NOTICE.txt" ]; then echo "notice=$folder/NOTICE.txt"; fi
} >>"$GITHUB_OUTPUT"
if [ -f "$folder/summary.md" ]; then cat "$folder/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
