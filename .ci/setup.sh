#!/bin/sh
# Install what building and testing psyscreen needs, and nothing that is there already.
# Debian 12 and Ubuntu 24.04 (and later) by apt-get; elsewhere it says what to install.
# usage: .ci/setup.sh [--all]      --all: also what only continuous integration uses
set -eu

packages="gcc libc6-dev cmake ninja-build pkg-config python3
  libyaml-dev libgsl-dev libxlsxwriter-dev libssl-dev libzip-dev libexpat1-dev libdeflate-dev
  zlib1g-dev libcmocka-dev"
extra="g++ clang-14 clang-format-14 libclang-rt-14-dev gcovr libreoffice-calc poppler-utils
  libreadstat-dev libcsv-dev python3-openpyxl r-base-core r-cran-psych r-cran-metafor locales python3-dev python3-venv
  python3-cryptography python3-msoffcrypto-tool python3-olefile python3-uno default-jre-headless"

say() {
    printf 'psyscreen: %s\n' "$*" >&2
}

# What is missing is asked of the tools themselves, so that any source of them will do.
missing() {
    for tool in gcc cmake ninja pkg-config python3; do
        command -v "$tool" >/dev/null 2>&1 || return 0
    done
    cmake_version=$(cmake --version | sed -n '1s/.* \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
    set -- $cmake_version
    [ "$1" -gt 3 ] || [ "$2" -ge 25 ] || return 0
    for library in yaml-0.1 gsl xlsxwriter libcrypto libzip expat cmocka; do
        pkg-config --exists "$library" || return 0
    done
    return 1
}

wants_more() {
    [ "${1:-}" = --all ] || return 1
    for package in $extra; do
        dpkg -s "$package" >/dev/null 2>&1 || return 0
    done
    return 1
}

install_with_apt() {
    as_root=
    if [ "$(id -u)" -ne 0 ]; then
        if ! command -v sudo >/dev/null 2>&1; then
            say "not root and no sudo; please have these installed:" $packages
            exit 1
        fi
        as_root=sudo
    fi
    say "installing what is missing with apt-get:" "$@"
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        "$@" >/dev/null
}

if ! missing && ! wants_more "${1:-}"; then
    say "everything needed is installed"
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    say "this is neither Debian nor Ubuntu; please install the counterparts of:" $packages
    exit 1
fi
if missing; then
    install_with_apt $packages
fi
if [ "${1:-}" = --all ]; then
    # One by one: what a release does not have is a test that skips, not a failure.
    for package in $extra; do
        dpkg -s "$package" >/dev/null 2>&1 || install_with_apt "$package" ||
            say "$package could not be installed; tests that need it will skip"
    done
fi
if missing; then
    say "something is still missing; this release may be too old (CMake 3.25 is needed)"
    exit 1
fi
say "everything needed is installed"
