#!/usr/bin/env bash
# Prepare this checkout: system packages, .venv, var/local.env, translations. Quick when nothing changed.
# Usage: config/setup.sh [run|check|test|bench]; each set holds what its make target needs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
ROOT=$(pwd -P)
PATH="$PATH:/usr/sbin:/sbin"

case "${1:-run}" in
    run) REQUIREMENTS=(requirements.txt) ;;
    check | test) REQUIREMENTS=(requirements.txt requirements-dev.txt) ;;
    bench) REQUIREMENTS=(requirements.txt requirements-dev.txt requirements-bench.txt) ;;
    *)
        echo "Usage: config/setup.sh [run|check|test|bench]" >&2
        exit 2
        ;;
esac

say() { echo "setup: $*" >&2; }
fail() {
    say "$@"
    exit 1
}

# Only print the packages that are missing, judged by what they bring: so it holds on other systems than Debian too.
list_missing_to_run() {
    local libraries
    libraries=$(ldconfig -p 2>/dev/null || true)
    [ -n "$VENV_IS_SOUND" ] || "$PYTHON" -c "import ensurepip, venv" 2>/dev/null || echo python3-venv
    command -v msgfmt >/dev/null || echo gettext
    [[ $libraries == *libpango-1.0.so.0* ]] || echo libpango-1.0-0
    [[ $libraries == *libpangoft2-1.0.so.0* ]] || echo libpangoft2-1.0-0
    [[ $libraries == *libharfbuzz-subset.so.0* ]] || echo libharfbuzz-subset0
    command -v fc-list >/dev/null || echo fontconfig
    fc-list -q "Noto Sans" 2>/dev/null || echo fonts-noto-core
}

list_missing_to_test() {
    compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || command -v initdb >/dev/null || echo postgresql
    command -v redis-server >/dev/null || echo redis-server
    command -v chromium >/dev/null || echo chromium
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_packages() {
    [ -n "${LISTS_ARE_FRESH:-}" ] || apt-get -qq update </dev/null >>var/setup.log 2>&1 || true
    LISTS_ARE_FRESH=1
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o DPkg::Lock::Timeout=300 install --no-install-recommends "$@" \
        </dev/null >>var/setup.log 2>&1
}

# The tests start servers of their own: a package that brings a server must not start one on this machine.
forbid_services() {
    [ ! -e /usr/sbin/policy-rc.d ] || return 0
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
    chmod 755 /usr/sbin/policy-rc.d
}

install_what_running_needs() {
    local missing
    mapfile -t missing < <(list_missing_to_run)
    [ ${#missing[@]} -gt 0 ] || return 0
    can_install || fail "install these packages first (as root: apt-get install …): ${missing[*]}"
    say "installing ${missing[*]}"
    install_packages "${missing[@]}" || {
        tail -n 5 var/setup.log >&2
        fail "these packages could not be installed, see var/setup.log: ${missing[*]}"
    }
}

# One by one, because a lane whose program cannot be had is skipped while the others run.
install_what_tests_need() {
    local missing package
    mapfile -t missing < <(list_missing_to_test)
    for package in "${missing[@]}"; do
        if ! can_install; then
            say "missing for the tests: $package"
            continue
        fi
        say "installing $package"
        forbid_services
        install_packages "$package" || say "missing for the tests: $package (it could not be installed, see var/setup.log)"
    done
}

find_python() {
    local candidate
    for candidate in python3.11 python3 /usr/bin/python3.11; do
        if "$candidate" -c "import sys; sys.exit(sys.version_info[:2] != (3, 11))" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
    fail "Python 3.11 is missing. Install it (Debian 12: apt-get install python3) and try again."
}

# Scripts in .venv hold its path, so one that was moved or copied here is built anew.
venv_is_sound() {
    [ -x .venv/bin/python ] && [ -d .venv/lib/python3.11 ] && grep -qsF "$ROOT/.venv" .venv/bin/activate
}

install_python_packages() {
    local stamp="var/setup-${REQUIREMENTS[-1]%.txt}.stamp" digest
    digest=$({ echo "$ROOT" && cat config/setup.sh requirements-setup.txt "${REQUIREMENTS[@]}"; } | sha256sum)
    [ "$digest" != "$(cat "$stamp" 2>/dev/null)" ] || return 0
    say "installing Python packages from ${REQUIREMENTS[*]}"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r requirements-setup.txt
    # Wheels only: a source package would need a compiler and run code of its own.
    .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes --only-binary :all: "${REQUIREMENTS[@]/#/-r}"
    echo "$digest" >"$stamp"
}

# Keys for this machine only; a server gets its settings from its environment (README, Settings).
write_local_settings() {
    [ ! -e var/local.env ] || { add_master_key && return 0; }
    say "writing var/local.env with new keys"
    (
        umask 077
        .venv/bin/python >var/local.env.new - "http://127.0.0.1:${PORT:-8000}" <<'PYTHON'
import base64
import secrets
import sys

print(f"SECRET_KEY={secrets.token_urlsafe(48)}")
names = ("index", "master")
print("FIELD_KEYS=" + ",".join(f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}" for name in names))
print(f"BASE_URL={sys.argv[1]}")
PYTHON
        mv var/local.env.new var/local.env
    )
}

# Settings of an older set-up have no key for sealed fields yet.
add_master_key() {
    ! grep -qs '^FIELD_KEYS=.*master' var/local.env || return 0
    say "adding a master key to var/local.env"
    local key
    key=$(.venv/bin/python -c 'import base64, secrets; print(base64.b64encode(secrets.token_bytes(32)).decode())')
    sed -i "s|^FIELD_KEYS=.*|&,master:$key|" var/local.env
}

compile_translations() {
    local source target
    for source in config/locale/*/LC_MESSAGES/django.po; do
        target="${source%.po}.mo"
        if [ -e "$source" ] && ! [ "$target" -nt "$source" ]; then
            msgfmt --output-file="$target.new" "$source"
            mv "$target.new" "$target"
        fi
    done
}

mkdir -p var
chmod 700 var # rows, mails with live codes and claims files: for this account only
exec 9>var/setup.lock
flock 9 2>/dev/null || true # two makes at once would build one .venv
VENV_IS_SOUND=
PYTHON=
if venv_is_sound; then VENV_IS_SOUND=1; else PYTHON=$(find_python); fi
install_what_running_needs
[ "${1:-run}" != test ] && [ "${1:-run}" != bench ] || install_what_tests_need
if [ -z "$VENV_IS_SOUND" ]; then
    # --clear would follow a link and empty the environment of somebody else.
    [ ! -L .venv ] || fail ".venv is a link to another checkout; remove the link (rm .venv) and try again"
    say "building .venv"
    rm -f var/setup-*.stamp
    "$PYTHON" -m venv --clear .venv
fi
install_python_packages
write_local_settings
compile_translations
