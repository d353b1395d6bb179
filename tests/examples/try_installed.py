"""Install into a scratch prefix; build the examples by pkg-config and by CMake; run them."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

source, build, compiler = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
examples = source / "tests" / "examples"


def run(*command, **options):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\nexit {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def sanitizer_flags():
    for line in (pathlib.Path(build) / "CMakeCache.txt").read_text().splitlines():
        if line.startswith("PSY_SANITIZE:") and line.split("=", 1)[1]:
            return ["-fsanitize=" + line.split("=", 1)[1]]
    return []


with tempfile.TemporaryDirectory() as scratch:
    prefix = pathlib.Path(scratch) / "prefix"
    run("cmake", "--install", build, "--prefix", prefix)
    lib = next(prefix.glob("lib*/**/psyscreen.pc")).parent.parent
    environment = dict(os.environ, PKG_CONFIG_PATH=str(lib / "pkgconfig"), LD_LIBRARY_PATH=str(lib))
    pc = subprocess.run(["pkg-config", "--define-variable=prefix=" + str(prefix), "--cflags", "--libs",
                         "psyscreen"], capture_output=True, text=True, env=environment, check=True)
    flags = pc.stdout.split() + [f"-I{prefix}/include", f"-L{lib}"]
    built = pathlib.Path(scratch) / "cmake"
    extra = sanitizer_flags()
    run("cmake", "-S", examples, "-B", built, f"-DCMAKE_PREFIX_PATH={prefix}",
        f"-DCMAKE_C_COMPILER={compiler}", "-DCMAKE_C_FLAGS=" + " ".join(extra))
    run("cmake", "--build", built)
    catalogue = prefix / "share" / "psyscreen"
    demo = pathlib.Path(scratch) / "demo"
    cli = prefix / "bin" / "psyscreen"
    run(cli, "simulate", "--plan", "district_demo", "--students", "300", "--schools", "2", "--seed", "3",
        "--out", demo, env=environment)
    expected = {
        "score_arrays": ([catalogue],
                         "person 1: total 0 (minimal), item 9 negative\n"
                         "person 2: total 9 (mild), item 9 positive\n"
                         "person 3: total 10 (moderate), item 9 not answered: ask\n"),
        "decide_rule": ([], "row 1: true\nrow 2: true\nrow 3: undecided\nrow 4: undecided\n"),
        "run_plan": ([catalogue, demo / "plan.yaml", demo / "roster.csv", demo / "responses_1.csv",
                      pathlib.Path(scratch) / "out"], None),
    }
    for name, (arguments, wanted) in expected.items():
        by_pc = pathlib.Path(scratch) / (name + "_pc")
        run(compiler, "-std=c11", "-Wall", "-Wextra", "-Werror", *extra, examples / (name + ".c"), "-o", by_pc,
            *flags, "-lm")
        for program in (by_pc, built / name):
            shutil.rmtree(pathlib.Path(scratch) / "out", ignore_errors=True)
            printed = run(program, *arguments, env=environment)
            if wanted is not None and printed != wanted:
                sys.exit(f"{program} printed\n{printed}instead of\n{wanted}")
            if name == "run_plan" and "students tested" not in printed:
                sys.exit(f"{program} printed\n{printed}")
    manual = prefix / "share" / "man" / "man1" / "psyscreen.1"
    if not manual.exists():
        sys.exit("the man page was not installed")
print("6 passed, 0 failed")
