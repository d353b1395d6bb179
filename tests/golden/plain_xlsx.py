"""A small writer of workbooks as programs export them."""
import datetime
import zipfile
from xml.sax.saxutils import escape

from workbook import letters


def write_xlsx(path, rows, shared=True, sheets=("答卷",)):
    """A small writer of our own: shared or inline texts, numbers, and dates by cell format; each sheet has the same rows."""
    texts, cells = {}, []
    for r, row in enumerate(rows, 1):
        out = []
        for c, value in enumerate(row, 1):
            place = f"{letters(c)}{r}"
            if value is None or value == "":
                out.append(f'<c r="{place}" s="1"/>')
            elif isinstance(value, datetime.datetime):
                days = (value - datetime.datetime(1899, 12, 30)) / datetime.timedelta(days=1)
                out.append(f'<c r="{place}" s="1"><v>{days!r}</v></c>')
            elif isinstance(value, (int, float)):
                out.append(f'<c r="{place}"><v>{value}</v></c>')
            elif shared:
                out.append(f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>')
            else:
                out.append(f'<c r="{place}" t="inlineStr"><is><t>{escape(value)}</t></is></c>')
        cells.append(f'<row r="{r}">{"".join(out)}</row>')
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument" '
                       'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>' + "".join(
            f'<sheet name="{name}" sheetId="{n}" r:id="b"/>' for n, name in enumerate(sheets, 1)) + '</sheets></workbook>',
        "xl/_rels/workbook.xml.rels":
            f'<Relationships xmlns="{package}"><Relationship Id="b" Type="{office}/worksheet" '
            f'Target="worksheets/sheet1.xml"/><Relationship Id="c" Type="{office}/styles" Target="styles.xml"/>'
            f'<Relationship Id="d" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}"><numFmts><numFmt numFmtId="176" formatCode="yyyy/m/d h:mm:ss"/>'
                         '</numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="176"/></cellXfs></styleSheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">' + "".join(f"<si><t>{escape(t)}</t></si>" for t in texts) + "</sst>",
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{"".join(cells)}</sheetData></worksheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, text in parts.items():
            out.writestr(name, '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text)
