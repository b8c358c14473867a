# paso report: a page that parses strictly, links only to itself, loads nothing, and can be read by
# everybody (text alternatives, contrast in both modes); its size for the shipped corridor.
. "$SOURCE/tests/support/cli.sh"

check_page() {
    py '
import re, sys, xml.etree.ElementTree as tree
from html.parser import HTMLParser

text = open("page.html", encoding="utf-8").read()
VOID = {"meta", "link", "br", "hr", "img", "input"}
assert text.startswith("<!DOCTYPE html>\n<html lang=\"en\">") or text.startswith("<!DOCTYPE html>\n<html lang=\"es\">")

class Strict(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.links, self.n = [], [], [], {}
    def handle_starttag(self, tag, attributes):
        self.n[tag] = self.n.get(tag, 0) + 1
        names = [name for name, _ in attributes]
        assert len(names) == len(set(names)), (tag, names)
        assert not [n for n in names if n.startswith("on") or n == "src"], (tag, names)
        self.ids += [v for n, v in attributes if n == "id"]
        self.links += [v for n, v in attributes if n == "href"]
        if tag == "p":
            assert "p" not in self.open, self.getpos()
        if dict(attributes).get("role") == "img":
            assert any(w in dict(attributes)["aria-label"] for w in ("simulated", "simulado", "Dates", "Fechas"))
        if tag not in VOID:
            self.open.append(tag)
    def handle_startendtag(self, tag, attributes):
        self.n[tag] = self.n.get(tag, 0) + 1
    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open[-3:], self.getpos())
        self.open.pop()

page = Strict()
page.feed(text)
page.close()
assert page.open == [], page.open
assert len(page.ids) == len(set(page.ids)), "an id twice"
for link in page.links:
    assert link == "data:," or link.startswith("http") or link[1:] in page.ids, link
assert page.n["h1"] == 1 and page.n["main"] == 1 and page.n["figure"] > 3
for table in re.findall(r"<table.*?</table>", text, re.S):
    head = re.search(r"<thead><tr>(.*?)</tr>", table, re.S).group(1).count("<th")
    for row in re.findall(r"<tr.*?</tr>", table, re.S):
        spans = [int(n) for n in re.findall("colspan=\"(\\d+)\"", row)]
        n = len(re.findall(r"<t[hd][ >]", row))
        assert n - len(spans) + sum(spans) == head, (n, spans, head, row[:200])

for svg in re.findall(r"<svg class=.picture.*?</svg>(?:</svg>)?", text, re.S):
    tree.fromstring(svg)
    assert not re.search(r"[=\s\"]-?(nan|inf)", re.sub(r"aria-label=\"[^\"]*\"", "", svg)), svg[:300]
for word in ("@import", "url(", "XMLHttpRequest", "fetch(", "<iframe", "<object"):
    assert word not in text, word

def luminance(colour):
    colour = "".join(2 * c for c in colour) if len(colour) == 3 else colour
    parts = [int(colour[i:i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b

def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + 0.05) / (a + 0.05)

modes = re.findall(r":root\{([^}]*)\}", text)
assert len(modes) == 2
for mode in modes:
    colour = dict(re.findall(r"--(\w+):#([0-9a-f]+)", mode))
    for name in ["ink", "soft", "seen"] + ["p%d" % i for i in range(8)]:
        assert contrast(colour[name], colour["page"]) >= 4.5, (name, colour[name])
    assert contrast(colour["ink"], colour["mark"]) >= 4.5'
}

run run tutorial -n 20 -p as-happened -p more-slots --out small.db -q
run report small.db --out page.html
expect_code 0
check_page
has page.html "<strong>Simulated.</strong>"
has page.html "Paired difference of "
has page.html "prefers-color-scheme:dark"
has page.html "@media print"
hasnt page.html "$here"

run run tutorial -n 5 -p as-happened --out one.db -q
run report one.db --out page.html --force
expect_code 0
check_page
hasnt page.html "Paired difference of "

# in Spanish: none of the English texts, but for what is marked as English
run compare tutorial -n 60 -p as-happened -p more-slots --split --out split.db -q
run report split.db --out page.html --force
has page.html "parameters 8"
run report split.db --out page.html --lang es --force
expect_code 0
check_page
py '
import html, os, re
text = open("page.html", encoding="utf-8").read()
assert text.startswith("<!DOCTYPE html>\n<html lang=\"es\">")
text = re.sub(r"<style>.*?</style>|<script>.*?</script>|<footer>.*?</footer>", "", text, flags=re.S)
text = re.sub(r"<(\w+)[^>]* lang=\"en\">.*?</\1>", "", text, flags=re.S)
plain = lambda t: re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", "", t)).replace("\xa0", " ")).strip()
nodes = {plain(t) for t in re.findall(r">([^<>]+)<", text)} | {plain(t) for t in re.findall(r"(?:aria-label|title)=\"([^\"]*)\"", text)}
whole = " ".join(nodes)
source = open(os.environ["SOURCE"] + "/src/report/messages.h", encoding="utf-8").read()
messages = re.findall(r"X\((\w+), \"((?:[^\"\\]|\\.)*)\", \"((?:[^\"\\]|\\.)*)\"\)", source)
assert len(messages) > 120
spanish = " ".join(plain(es.replace("\\\"", "\"")) for _, _, es in messages)
for name, en, es in messages:
    assert es.strip(), name
    for piece in re.split(r"%[srz%]", en.replace("\\\"", "\"")):
        piece = plain(piece)
        if len(piece) > 8 and piece not in spanish:
            assert piece not in whole, (name, piece)
        elif en != es and "%" not in en and piece not in spanish.split():
            assert piece not in nodes, (name, piece)
for word in ("people", "Waiting", "Appointments", "days", "month", "Jan "):
    assert not re.search(r"\b%s\b" % word, whole), word'
run report split.db --out page.html --lang fr --force
expect_code 2

run run us-mexico -n 4 -p as-happened -p more-appointments -p remain-in-mexico --out large.db -q
run report large.db --out page.html --force
expect_code 0
check_page
has page.html "71,340 people"
run report large.db --out es.html --lang es
has es.html "71,340 personas"
[ "$(wc -c <page.html)" -lt 2000000 ] || fail "larger than 2 MB"
[ -z "$(ls ./*.partial 2>/dev/null)" ] || fail "a partial file was left"
finish
