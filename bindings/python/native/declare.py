"""Write the C source of the extension module out of the public headers.

The headers are run through the C preprocessor, what comes from <psyscreen/...> is kept and
given to cffi, so that every public function can be called and none is declared twice.

Run:  python declare.py --compiler cc --output _psyscreen.c INCLUDE_DIRECTORY...
"""

import argparse
import pathlib
import re
import subprocess

import cffi

CALLBACKS = """
extern "Python" int psypy_write(void *context, const void *bytes, size_t size);
extern "Python" size_t psypy_read(void *context, void *buffer, size_t size);
extern "Python" int psypy_progress(void *context, const psy_progress *progress);
extern "Python" int psypy_schools(void *context, const char *directory,
                                  const psy_findings *findings);
"""
MARKER = re.compile(r'^# \d+ "([^"]*)"')
CONSTANT = re.compile(r"^[ \t]*#[ \t]*define[ \t]+(PSY_[A-Z0-9_]+)[ \t]+(?:\d+u?|UINT32_MAX|SIZE_MAX|INT64_MIN)[ \t]*$",
                      re.MULTILINE)


def declarations(compiler, directories):
    """What <psyscreen/...> declares, and the names of its constants."""
    command = [compiler, "-E", "-DPSY_STATIC_DEFINE", "-x", "c", "-"]
    command += [f"-I{directory}" for directory in directories]
    text = subprocess.run(command, input="#include <psyscreen/psyscreen.h>\n", text=True,
                          capture_output=True, check=True).stdout
    kept, ours = [], False
    for line in text.splitlines():
        marker = MARKER.match(line)
        if marker:
            ours = pathlib.PurePath(marker.group(1)).parent.name == "psyscreen"
        elif ours:
            kept.append(line)
    names = set()
    for directory in directories:
        for header in sorted(pathlib.Path(directory).glob("psyscreen/*.h")):
            names.update(CONSTANT.findall(header.read_text(encoding="utf-8")))
    return "\n".join(kept), sorted(names)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", default="cc")
    parser.add_argument("--output", required=True)
    parser.add_argument("directories", nargs="+")
    arguments = parser.parse_args()
    own = pathlib.Path(__file__).resolve().with_name("table_share.h").read_text(encoding="utf-8")
    own = own[own.index("/* cdef */"):own.index("/* end of cdef */")]
    public, constants = declarations(arguments.compiler, arguments.directories)
    ffi = cffi.FFI()
    ffi.cdef(public)
    ffi.cdef("".join(f"#define {name} ...\n" for name in constants if name.count("_VERSION_") == 0
                     or name.endswith("OPTIONS_VERSION")))
    ffi.cdef(own)
    ffi.cdef(CALLBACKS)
    ffi.set_source("psyscreen._psyscreen",
                   '#include <psyscreen/psyscreen.h>\n#include "table_share.h"\n')
    ffi.emit_c_code(arguments.output)


if __name__ == "__main__":
    main()
