"""What every workbook looks like on paper: A4, heads repeated, whom it is for at the foot of each page, tables no wider
than they must be, no sentence cut off where columns are repeated; printed, where LibreOffice and pdftotext are, no page
is blank and no cell is too narrow for its number.

    pages.py PROGRAM"""
import math
import pathlib
import re
import shutil
import subprocess
import tempfile
import unicodedata
import xml.etree.ElementTree as ElementTree
import zipfile

from expectations import end, expect
from program import run
from workbook import MAIN, letters, tables

# Sheets of people carry what was found and what is to be filled in, sums a number for each tier: several pages wide.
WIDE = {"预警名单", "复测名单", "跟进台账", "得分总表", "班级汇总", "学校汇总", "年级性别", "未测与无效", "区级重点名单", "重点题名单",
        "跟进与家校沟通", "处置进度"}
NO_TABLE = {"说明", "班级图表", "漏斗图"}
looked = charts = 0


def width(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def formats(package):
    """By style: how its numbers are printed."""
    styles = ElementTree.fromstring(package.read("xl/styles.xml"))
    own = {f.get("numFmtId"): f.get("formatCode") for f in styles.iter(MAIN + "numFmt")}
    return [own.get(f.get("numFmtId"), f.get("numFmtId")) for f in styles.find(MAIN + "cellXfs")]


CHINESE = "[\u3400-\u9fff]"
HALF_WIDTH = re.compile(f"{CHINESE}[(),;:?!]|[(),;:?!]{CHINESE}")
SPLIT = re.compile(f"(?<=[^ ]) (?={CHINESE}|（)|(?<=[^ ])(?=（)|：(?={CHINESE})")


def looks_foreign(text):
    """In a Chinese workbook: brackets and commas of English beside Chinese, or a sentence without any Chinese."""
    if "÷" in text or re.search(r"\(\d+\)班", text):  # a formula; a class as the form has it
        return False
    return HALF_WIDTH.search(text) or (not re.search(CHINESE, text) and re.search("[a-z]{3,} [a-z]{3,} [a-z]{2,}", text))


def number(letters):
    value = 0
    for c in letters:
        value = value * 26 + ord(c) - 64
    return value


def wrapping(package):
    """By style: does its text go on in a second line?"""
    styles = ElementTree.fromstring(package.read("xl/styles.xml")).find(MAIN + "cellXfs")
    return [(f.find(MAIN + "alignment") is not None and f.find(MAIN + "alignment").get("wrapText") == "1") for f in styles]


def lines_of(text, room):
    return sum(max(1, math.ceil(width(part) / room)) for part in text.split("\n"))


def cut_texts(sheet, rows, widths, wraps, last_column):
    """Texts that their neighbour, their row or the edge of the paper cuts off, by width and height alone."""
    for row in sheet.iter(MAIN + "row"):
        texts = rows[int(row.get("r"))]
        given = row.get("customHeight") == "1"
        height = float(row.get("ht", 15))
        for cell in row:
            at = re.match("[A-Z]+", cell.get("r")).group()
            text, column = texts.get(at, ""), number(at)
            if not text or cell.get("t") not in ("s", "inlineStr") or column > last_column:
                continue
            room = widths.get(column, 9)
            if wraps[int(cell.get("s", 0))]:
                # a line of small letters is 13 points high, and estimates of both may be a line apart
                need = lines_of(text, room + 1) * 12.5
                if need > height + 13 and (given or len(texts) > 1):
                    yield cell.get("r"), text[:30], need, height
                continue
            if width(text) <= room + 1.5:
                continue
            # it flows over empty cells
            while column < last_column and not texts.get(letters(column + 1)) and width(text) > room + 1.5:
                column += 1
                room += widths.get(column, 9)
            if width(text) > room + 1.5:
                yield cell.get("r"), text[:30], width(text), room


def drawn(package, i):
    """First and last row, from 0, of what is drawn on a sheet."""
    relations = f"xl/worksheets/_rels/sheet{i + 1}.xml.rels"
    if relations not in package.namelist():
        return
    for relation in ElementTree.fromstring(package.read(relations)):
        if not relation.get("Type").endswith("/drawing"):
            continue
        drawing = ElementTree.fromstring(package.read("xl/" + relation.get("Target").removeprefix("../")))
        for anchor in drawing:
            yield tuple(int(next(e for e in end.iter() if e.tag.endswith("}row")).text) for end in
                        (next(e for e in anchor if e.tag.endswith("}" + name)) for name in ("from", "to")))


def look(path, where, names_of, language):
    """Page by page, from the package alone."""
    global looked, charts
    book = tables(path)
    with zipfile.ZipFile(path) as package:
        wraps, looks = wrapping(package), formats(package)
        defined = {}
        names = [s.get("name") for s in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(MAIN + "sheet")]
        for name in ElementTree.fromstring(package.read("xl/workbook.xml")).iter(MAIN + "definedName"):
            defined[name.get("name"), int(name.get("localSheetId"))] = name.text
        for i, name in enumerate(names):
            sheet = ElementTree.fromstring(package.read(f"xl/worksheets/sheet{i + 1}.xml"))
            known = names_of.get(name, name)
            page = sheet.find(MAIN + "pageSetup")
            foot = sheet.find(MAIN + "headerFooter")
            text = "".join(foot.itertext()) if foot is not None else ""
            looked += 1
            at = f"{where} {name}"
            expect(f"{at}: A4", page is not None and page.get("paperSize") == "9", page.attrib if page is not None else None)
            expect(f"{at}: says what it is not, and counts its pages",
                   ("Screening is not a diagnosis.", "筛查结果不是诊断。")[language == "zh"] in text and "&P / &N" in text, text)
            top = foot.findtext(MAIN + "oddHeader") or "" if foot is not None else ""
            whose = known != "说明" and ("D-" if "dossier" in where else " · " if "schools/3" in where else "")
            expect(f"{at}: says at its head which sheet it is, and whose", top.endswith("&A") and (whose or "") in top, top)
            teacher = ("psychology teacher", "心理教师")[language == "zh"] in text
            own = "schools/3" in where or "dossier" in where or "critical" in where
            expect(f"{at}: for whom", teacher == own or "homeroom" in where, text)
            widths = {}
            for column in sheet.iter(MAIN + "col"):
                for c in range(int(column.get("min")), int(column.get("max")) + 1):
                    widths[c] = float(column.get("width"))
            edge = re.search(r":\$([A-Z]+)\$(\d+)", defined["_xlnm.Print_Area", i])
            cut = list(cut_texts(sheet, book[name], widths, wraps, number(edge.group(1))))
            expect(f"{at}: no text is cut off", not cut, cut[:3])
            if language == "zh" and not where.startswith("odd") and known != "字段说明":
                foreign = [text for cells in book[name].values() for text in cells.values() if looks_foreign(text)]
                if known == "说明":  # names and conditions of rules stand there as they are
                    foreign = [text for text in foreign if "\n" not in text]
                expect(f"{at}: in Chinese", not foreign, foreign[:3])
            if known == "字段说明":  # what a definition does not name has no name of ours
                ours = [text for cells in book[name].values() for column, text in cells.items() if column != "D" and "default" in text]
                expect(f"{at}: in words", not ours, ours[:3])
            breaks = [int(b.get("id")) for b in sheet.iter(MAIN + "brk")]
            for first, last in drawn(package, i):
                charts += 1
                expect(f"{at}: a chart on one page, and inside of what is printed",
                       last < int(edge.group(2)) and not any(first < b <= last for b in breaks), (first, last, breaks, edge.group(0)))
            pages = int(page.get("fitToWidth", "1"))
            expect(f"{at}: as wide as a page", pages == 1 or known in WIDE, pages)
            if known in NO_TABLE:
                continue
            expect(f"{at}: landscape", page.get("orientation") == "landscape")
            titles = defined.get(("_xlnm.Print_Titles", i), "")
            repeats = re.search(r"!\$\d+:\$\d+", titles)
            if known == "名单剖面" and breaks and breaks[0] <= 30:
                expect(f"{at}: no head over a page of charts alone", not repeats, titles)
            else:
                expect(f"{at}: its head on every page", repeats, titles)
            head_row = int(re.search(r"!\$\d+:\$(\d+)", titles).group(1)) if titles else 1
            broken = [(column, word) for column, text in book[name][head_row].items() for word in re.findall("[!-,.-~]+", text)
                      if len(word) + 1.5 > widths.get(number(column), 9)]
            expect(f"{at}: no word of its head is broken", not broken, broken[:3])
            broken = [(column, line) for column, text in book[name][head_row].items() for line in text.split("\n")
                      if width(line) > widths.get(number(column), 9) + 1 and SPLIT.search(line)]
            expect(f"{at}: nor one of Chinese, where there is a blank or a bracket to break it at", not broken, broken[:3])
            uneven = {text for cells in [c for c in sheet.iter(MAIN + "c") if c.get("t") is None and c.find(MAIN + "v") is not None]
                      for text in [book[name][head_row].get(re.match("[A-Z]+", cells.get("r")).group(), "")]
                      if re.search("T分|百分等级|percentile|\\bT \\(", text) and not looks[int(cells.get("s", 0))].startswith("0.0")}
            expect(f"{at}: standard scores with as many decimals in every line", not uneven, uneven)
            kept = re.search(r"!\$A:\$([A-Z]+)", titles)
            if pages > 1 and kept:  # a sentence below or above is not cut by the edge of the first page
                repeated = sum(widths.get(c, 9) for c in range(1, number(kept.group(1)) + 1))
                room = (sum(widths.get(c, 9) for c in range(1, number(edge.group(1)) + 1)) - repeated) / pages
                long = [(at_column, text[:30]) for cells in book[name].values() for at_column, text in cells.items()
                        if len(cells) == 1 and width(text) > room + 6]
                expect(f"{at}: no sentence is longer than the first page is wide", not long, long[:2])
            expect(f"{at}: who or what a line is, on every page", pages == 1 or kept, (pages, titles))
            if not kept:
                continue
            last = number(kept.group(1))
            room = sum(widths.get(c, 9) for c in range(1, last + 1))
            head = int(re.search(r"!\$(\d+):\$\d+", titles).group(1))
            whole = {c.get("r") for c in sheet.iter(MAIN + "c") if wraps[int(c.get("s", 0))]}
            cut = [(row, text[:30]) for row, cells in book[name].items() if row != head for at_column, text in cells.items()
                   if number(at_column) <= last and width(text) > room + 6 and f"{at_column}{row}" not in whole]
            expect(f"{at}: no sentence is cut off where columns are repeated", not cut, cut[:2])


def printed(paths, folder):
    """What LibreOffice makes of it, as text."""
    (folder / "given").mkdir(parents=True)
    for i, path in enumerate(paths):
        shutil.copy(path, folder / "given" / f"{i}.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", "--outdir", folder / "pdf",
                    *sorted((folder / "given").iterdir())], check=True, capture_output=True, timeout=800)
    for i, path in enumerate(paths):
        text = subprocess.run(["pdftotext", "-layout", folder / "pdf" / f"{i}.pdf", "-"], check=True, capture_output=True, text=True).stdout
        yield path, text.split("\f")[:-1]


with tempfile.TemporaryDirectory() as scratch:
    scratch = pathlib.Path(scratch)
    given = scratch / "in"
    run("simulate", "--plan", "district_demo", "--students", 400, "--schools", 3, "--seed", 5, "--out", given)
    answers = sorted(given.glob("responses_*.csv"))
    plan = (given / "plan.yaml").read_text(encoding="utf-8")
    found, to_print = {}, []
    for language in ("zh", "en"):
        (given / f"{language}.yaml").write_text(plan.replace("language: [zh, en]", f"language: [{language}]"), encoding="utf-8")
        out = scratch / language
        run("score", "-q", "--plan", given / f"{language}.yaml", "--roster", given / "roster.csv", "--out", out,
            "--for", "homeroom,leader,centre,bureau", *answers)
        run("critical", "--out", out / "critical.xlsx", given / f"{language}.yaml", *answers)
        student = (out / "scores.csv").read_text(encoding="utf-8").splitlines()[1].split(",")[0]
        run("dossier", "-q", "--plan", given / f"{language}.yaml", "--student", student, "--out", out / "dossier.xlsx", out)
        found[language] = sorted(out.rglob("*.xlsx"))
        to_print += [out / "district.xlsx", out / "critical.xlsx", sorted(out.glob("schools/3*.xlsx"))[-1]]
    # names as people have them and as nobody has them, in a school whose own name is long
    lines = (given / "roster.csv").read_text(encoding="utf-8").splitlines()
    head = lines[0].split(",")
    name, room, school = head.index("姓名"), head.index("班级"), head.index("学校名称")
    odd = ["阿卜杜热合曼·买买提江·艾合买提", "=HYPERLINK(x)", "欧阳端木慕容", "Aleksandra Wiśniewska-Kowalczyk"]
    for i in range(1, len(lines)):
        cells = lines[i].split(",")
        cells[name] = odd[i % 4]
        cells[school] = "某省某市某区" * 9 + "实验学校🏫" + cells[school][-1]
        cells[room] = "../../x" if cells[room] == "1班" else cells[room]
        lines[i] = ",".join(cells)
    (given / "odd.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    run("score", "-q", "--plan", given / "zh.yaml", "--roster", given / "odd.csv", "--out", scratch / "odd",
        "--for", "homeroom,leader,centre,bureau", *answers)
    found["odd"] = sorted((scratch / "odd").rglob("*.xlsx"))
    names_of = {}
    for path in found["en"]:
        names_of |= dict(zip(tables(path), tables(scratch / "zh" / path.relative_to(scratch / "en"))))
    for language, paths in found.items():
        for path in paths:
            look(path, f"{language} {path.relative_to(scratch / language)}", names_of, "zh" if language == "odd" else language)
    if shutil.which("soffice") and shutil.which("pdftotext"):
        for path, pages in printed(to_print, scratch / "lo"):
            where = str(path.relative_to(scratch))
            blank = [i + 1 for i, page in enumerate(pages) if not page.strip()]
            expect(f"{where}: no blank page", pages and not blank, blank[:5])
            expect(f"{where}: no cell too narrow for its number", not any("###" in page for page in pages))
    else:
        print("skipped: LibreOffice or pdftotext (not installed)")

expect("enough sheets", looked > 100, looked)
expect("enough charts", charts > 20, charts)

end(f"{looked} sheets")
