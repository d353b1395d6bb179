"""Encrypted workbooks, opened by three programs that are not psyscreen.

verify_agile.py (olefile, cryptography) checks the format to the bit; msoffcrypto-tool decrypts
files of every awkward size; LibreOffice opens a workbook with the password and refuses a wrong
one and a file in which one byte was changed.  A program that is not here is skipped, by name.
PSY_ENCRYPTION_PYTHON may name an interpreter that has the three packages, PSY_UNO_PYTHON one
that has LibreOffice's module uno.

usage: check_encryption.py SEAL_FILE WORKBOOK.xlsx
"""
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PASSWORD = "pässwörd😀1"
# Around the mini stream (4096, minus the length of eight bytes), one segment, one sector; the
# first file whose FAT outgrows the header (109 sectors), and the second DIFAT sector.
SIZES = [0, 1, 15, 16, 17, 503, 504, 505, 4079, 4080, 4081, 4087, 4088, 4089, 4095, 4096, 4097,
         8192, 65535, 7_086_000, 7_090_000, 7_096_000, 15_420_000]

UNO = r"""
import os, subprocess, sys, tempfile, time
import uno
from com.sun.star.beans import PropertyValue
def value(name, v):
    p = PropertyValue(); p.Name = name; p.Value = v; return p
profile = tempfile.mkdtemp()
pipe = "psy%d" % os.getpid()
office = subprocess.Popen(["soffice", "--headless", "--norestore", "--nologo",
    "--accept=pipe,name=%s;urp;" % pipe, "-env:UserInstallation=file://" + profile],
    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(120):
    try:
        context = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe); break
    except Exception:
        time.sleep(0.5)
else:
    office.kill(); sys.exit("no office")
desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
for argument in sys.argv[1:]:
    path, password = argument.split("\t")
    try:
        document = desktop.loadComponentFromURL("file://" + path, "_blank", 0,
            (value("Hidden", True), value("Password", password)))
        if document is None:
            print("refused", flush=True); continue
        print("opened " + document.Sheets.getByIndex(0).Name, flush=True); document.close(True)
    except Exception:
        print("refused", flush=True)
try:
    desktop.terminate()
except Exception:
    pass
office.wait(30)
"""

failures = 0
ran = 0


def expect(what, good, detail=""):
    global failures
    print(("ok   " if good else "FAIL ") + what, detail if not good else "")
    failures += not good


def seal(program, *arguments):
    subprocess.run([program, *map(str, arguments)], check=True)


def check_format(program, workbook, directory):
    global ran
    try:
        import cryptography  # noqa: F401
        import olefile  # noqa: F401
    except ImportError as missing:
        print(f"skipped: verify_agile.py ({missing})")
        return
    ran += 1
    sealed = directory / "sealed.xlsx"
    seal(program, workbook, sealed, PASSWORD)
    run = subprocess.run([sys.executable, HERE / "verify_agile.py", sealed, PASSWORD, workbook],
                         capture_output=True, text=True)
    lines = run.stdout.splitlines()
    expect(f"verify_agile.py: {len(lines)} checks", run.returncode == 0 and len(lines) >= 15 and
           all(line.startswith("ok") for line in lines), run.stdout + run.stderr)


def check_sizes(program, directory):
    global ran
    try:
        import msoffcrypto
        from msoffcrypto.method.ecma376_agile import ECMA376Agile
    except ImportError as missing:
        print(f"skipped: msoffcrypto-tool ({missing})")
        return
    ran += 1
    sealed = directory / "sized"
    for size in SIZES:
        seal(program, "--blank", size, sealed, PASSWORD)
        plain = (directory / "sized.plain").read_bytes()
        with open(sealed, "rb") as file:
            office = msoffcrypto.OfficeFile(file)
            office.load_key(password=PASSWORD, verify_password=True)
            # The steps of OfficeFile.decrypt, which would insist on a zip archive.
            with office.file.openstream("EncryptedPackage") as stream:
                whole = ECMA376Agile.verify_integrity(
                    office.secret_key, office.info["keyDataSalt"],
                    office.info["keyDataHashAlgorithm"], office.info["keyDataBlockSize"],
                    office.info["encryptedHmacKey"], office.info["encryptedHmacValue"], stream)
            with office.file.openstream("EncryptedPackage") as stream:
                text = ECMA376Agile.decrypt(office.secret_key, office.info["keyDataSalt"],
                                            office.info["keyDataHashAlgorithm"], stream)
        expect(f"msoffcrypto-tool: {size} bytes", whole and text == plain)


def check_office(program, workbook, directory):
    global ran
    for python in (os.environ.get("PSY_UNO_PYTHON", "/usr/bin/python3"), sys.executable):
        if subprocess.run([python, "-c", "import uno"], capture_output=True).returncode == 0:
            break
    else:
        print("skipped: LibreOffice (no python with the module uno)")
        return
    ran += 1
    sealed, changed = directory / "office.xlsx", directory / "changed.xlsx"
    seal(program, workbook, sealed, PASSWORD)
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    changed.write_bytes(data)
    cases = [(sealed, PASSWORD), (sealed, PASSWORD + "2"), (changed, PASSWORD)]
    run = subprocess.run([python, "-c", UNO, *(f"{path}\t{word}" for path, word in cases)],
                         capture_output=True, text=True, timeout=240)
    said = run.stdout.split("\n")[:3]
    if "no office" in run.stderr:
        print("skipped: LibreOffice (does not start)")
        return
    expect("LibreOffice opens it", said[0].startswith("opened"), run.stderr)
    expect("LibreOffice refuses a wrong password", said[1:2] == ["refused"], said)
    expect("LibreOffice refuses a changed byte", said[2:3] == ["refused"], said)


def check_repeatable(program, workbook, directory):
    one, two, three = (directory / name for name in ("one", "two", "three"))
    seal(program, workbook, one, PASSWORD, 1)
    seal(program, workbook, two, PASSWORD, 1)
    seal(program, workbook, three, PASSWORD)
    expect("the same bytes from the same random source", one.read_bytes() == two.read_bytes())
    expect("other bytes otherwise", one.read_bytes() != three.read_bytes())


def main():
    program, workbook = map(pathlib.Path, sys.argv[1:])
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        check_repeatable(program, workbook, directory)
        check_format(program, workbook, directory)
        check_sizes(program, directory)
        check_office(program, workbook, directory)
    if failures:
        return 1
    return 0 if ran else 77


if __name__ == "__main__":
    other = os.environ.pop("PSY_ENCRYPTION_PYTHON", "")
    if other:
        sys.exit(subprocess.run([other, *sys.argv]).returncode)
    sys.exit(main())
