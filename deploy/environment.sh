# The checkout's own Python environment, .venv: for ./run and ./test, which set `root` before they read this.

# prepare [EXTRA]: make or renew the environment; does nothing when pyproject.toml has not changed since.
prepare() {
    made_for="$(cksum <"$root/pyproject.toml") $root"
    if grep -qxF -e "$made_for dev" -e "$made_for${1:+ $1}" "$root/.venv/made-for" 2>/dev/null; then
        return
    fi
    echo "Setting up Python in .venv; this is done once and takes about a minute." >&2
    rm -f "$root/.venv/made-for"
    if command -v uv >/dev/null; then
        install_with_uv "$root${1:+[$1]}"
    else
        install_with_pip "$root${1:+[$1]}"
    fi
    echo "$made_for${1:+ $1}" >"$root/.venv/made-for"
}

install_with_uv() {
    uv venv --quiet --allow-existing --python ">=3.11" "$root/.venv"
    uv pip install --quiet --compile-bytecode --python "$root/.venv/bin/python" --editable "$1"
}

install_with_pip() {
    python=$(suitable_python)
    if ! "$python" -c "import ensurepip" 2>/dev/null; then
        echo "Python's venv is missing. On Debian and Ubuntu this installs it: $(as_root)apt-get install python3-venv" >&2
        exit 1
    fi
    "$python" -m venv "$root/.venv"
    "$root/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$1"
}

suitable_python() {
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        if "$python" -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "Meebeslis needs Python 3.11 or newer." >&2
    exit 1
}

as_root() {
    [ "$(id -u)" = 0 ] || echo "sudo "
}
