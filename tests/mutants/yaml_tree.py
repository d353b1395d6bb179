"""The YAML that definitions are written in, as Python data and back.

Mappings become dicts, lists lists, scalars strings; `Quoted` remembers that a text stood in
quotes.  Only what the definitions use: no anchors, tags, aliases or documents.  This is a
reader of well-formed files, it does not judge them."""
import json
import re


class Quoted(str):
    """A scalar that was quoted (or a block scalar): never null, true or a number."""


class Reader:
    KEY = re.compile(r'("(?:\\.|[^"\\])*"|\'(?:\'\'|[^\'])*\'|[^\s\[\]{},#"\'&*!|>%@`-][^:\n]*?|-?\d[^:\n]*?)\s*:(?=\s|$)')

    def __init__(self, text):
        self.text, self.pos = text, 0

    def column(self):
        return self.pos - (self.text.rfind("\n", 0, self.pos) + 1)

    def end(self):
        return self.pos >= len(self.text)

    def here(self):
        return self.text[self.pos:self.pos + 1]

    def spaces(self):
        while self.here() and self.here() in " \t":
            self.pos += 1

    def blank(self):
        while not self.end():
            c = self.here()
            if c in " \t\r\n":
                self.pos += 1
            elif c == "#" and (self.pos == 0 or self.text[self.pos - 1] in " \t\n"):
                self.pos = self.text.find("\n", self.pos)
                if self.pos < 0:
                    self.pos = len(self.text)
            else:
                return

    def quoted(self):
        if self.here() == '"':
            m = re.compile(r'"((?:\\.|[^"\\])*)"', re.S).match(self.text, self.pos)
            self.pos = m.end()
            return Quoted(json.loads('"' + re.sub(r"[ \t]*\n\s*", " ", m.group(1)) + '"'))
        m = re.compile(r"'((?:''|[^'])*)'", re.S).match(self.text, self.pos)
        self.pos = m.end()
        return Quoted(re.sub(r"[ \t]*\n\s*", " ", m.group(1)).replace("''", "'"))

    def flow_plain(self):
        m = re.compile(r"(?:(?!:(?:\s|$)|\s#)[^,\[\]{}])*", re.S).match(self.text, self.pos)
        self.pos = m.end()
        return re.sub(r"\s*\n\s*", " ", m.group()).strip()

    def flow(self):
        self.blank()
        c = self.here()
        if c == "[":
            self.pos += 1
            out = []
            while True:
                self.blank()
                if self.here() == "]":
                    self.pos += 1
                    return out
                out.append(self.flow())
                self.blank()
                if self.here() == ",":
                    self.pos += 1
        if c == "{":
            self.pos += 1
            out = {}
            while True:
                self.blank()
                if self.here() == "}":
                    self.pos += 1
                    return out
                key = self.quoted() if self.here() in "\"'" else self.flow_plain()
                self.blank()
                value = ""
                if self.here() == ":":
                    self.pos += 1
                    value = self.flow()
                out[key] = value
                self.blank()
                if self.here() == ",":
                    self.pos += 1
        return self.quoted() if c in ("\"", "'") else self.flow_plain()

    def block_scalar(self, parent):
        folded = self.here() == ">"
        self.pos = self.text.find("\n", self.pos) + 1
        lines = []
        while not self.end():
            stop = self.text.find("\n", self.pos)
            stop = len(self.text) if stop < 0 else stop
            line = self.text[self.pos:stop]
            if line.strip() and len(line) - len(line.lstrip()) <= parent:
                break
            lines.append(line.strip())
            self.pos = min(stop + 1, len(self.text))
        return Quoted((" " if folded else "\n").join(lines).strip())

    def inline(self, parent):
        """A value that starts on the line of its key or dash."""
        c = self.here()
        if c in ("{", "["):
            return self.flow()
        if c in ("\"", "'"):
            return self.quoted()
        if c in ("|", ">"):
            return self.block_scalar(parent)
        m = re.compile(r"(?:(?!\s#)[^\n])*").match(self.text, self.pos)
        self.pos = m.end()
        words = [m.group().strip()]
        while True:  # continued on lines that are indented further
            at = self.pos
            self.blank()
            if self.end() or self.column() <= parent or self.KEY.match(self.text, self.pos):
                self.pos = at
                return " ".join(words)
            m = re.compile(r"(?:(?!\s#)[^\n])*").match(self.text, self.pos)
            self.pos = m.end()
            words.append(m.group().strip())

    def dash(self):
        return self.here() == "-" and self.text[self.pos + 1:self.pos + 2] in ("", " ", "\n")

    def block(self):
        self.blank()
        column = self.column()
        if self.dash():
            out = []
            while not self.end() and self.column() == column and self.dash():
                self.pos += 1
                self.spaces()
                if self.here() in ("", "\n", "#"):
                    out.append(self.block())
                elif self.here() not in "{[" and self.KEY.match(self.text, self.pos):
                    out.append(self.block())
                else:
                    out.append(self.inline(column))
                self.blank()
            return out
        if self.here() in "{[" or not self.KEY.match(self.text, self.pos):
            return self.inline(column - 1)
        out = {}
        while not self.end() and self.column() == column:
            m = self.KEY.match(self.text, self.pos)
            if not m:
                break
            key = self.quoted() if self.here() in "\"'" else m.group(1)
            self.pos = m.end()
            self.spaces()
            if self.here() in ("", "\n") or self.here() == "#":
                self.blank()
                nested = not self.end() and (self.column() > column or
                                             (self.column() == column and self.dash()))
                out[key] = self.block() if nested else ""
            else:
                out[key] = self.inline(column)
            self.blank()
        return out


def parse(text):
    """Text of a file -> data."""
    return Reader(text.removeprefix("\ufeff")).block()


PLAIN = re.compile(r"[A-Za-z0-9_.+*/@<>=()一-鿿-][A-Za-z0-9_.+*/@<>=() 一-鿿-]*")


def emit(node):
    """Data -> YAML on one line."""
    if isinstance(node, dict):
        return "{" + ", ".join(f"{emit(k)}: {emit(v)}" for k, v in node.items()) + "}"
    if isinstance(node, list):
        return "[" + ", ".join(emit(v) for v in node) + "]"
    if node == "" and not isinstance(node, Quoted):
        return "null"
    special = node[:1] in "*@>" or node[:1] == "-" and not node[1:2].isdigit()
    if isinstance(node, Quoted) or special or not PLAIN.fullmatch(node) or node != node.strip():
        return json.dumps(str(node), ensure_ascii=False)
    return str(node)


def document(data):
    """A whole file: a key a line, the members of its mappings and lists a line each."""
    lines = []
    for key, value in data.items():
        if isinstance(value, dict) and value:
            lines.append(f"{key}:")
            lines += [f"  {emit(k)}: {emit(v)}" for k, v in value.items()]
        elif isinstance(value, list) and any(isinstance(v, dict) for v in value):
            lines.append(f"{key}:")
            lines += [f"  - {emit(v)}" for v in value]
        else:
            lines.append(f"{key}: {emit(value)}")
    return "\n".join(lines) + "\n"
