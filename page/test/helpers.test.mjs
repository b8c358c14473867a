// The page's plain functions: rounding and words, dates, links, what a policy sets, what the charts get.
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const here = new URL("..", import.meta.url).pathname;
const names = ["number", "date", "sentence", "effect", "policy", "share", "map", "layers", "spark", "politics", "messages", "mistakes", "strip"];
const file = join(mkdtempSync(join(tmpdir(), "paso-page-")), "helpers.mjs");
await build({
  stdin: { contents: [...names.map((n) => `export * as ${n} from "./src/lib/${n}";`), 'export { words } from "./src/words";'].join("\n"), resolveDir: here, loader: "ts" },
  bundle: true, format: "esm", platform: "node", outfile: file, logLevel: "error",
});
const { number, date, sentence, effect, policy, share, map, layers, spark, politics, messages, mistakes, strip, words } = await import(file);

const flat = (...x) => Float64Array.from(x);
const band = (q05, q50, q95) => ({ q05: flat(...q05), q25: flat(...q05), q50: flat(...q50), q75: flat(...q95), q95: flat(...q95), mean: flat(...q50) });
const observable = (more = {}) => ({
  name: "waiting", label: { en: "Waiting", es: "En espera" }, unit: "people", every: "month", take: "last", total: false, headline: true, over: [], cells: [{ cell: "" }], observed: [], ...more,
});
const series = (q05, q50, q95, base = [100]) => ({ observable: "waiting", cell: "", dates: ["2024-05-01"], base: band(base, base, base), other: band(base, base, base), difference: band(q05, q50, q95) });
const say = (lang, o, s) => {
  const x = sentence.sentence(lang, words[lang], o, s, 0, "2025-06-01");
  return [x.kind, ([x.about, x.strong, x.when].filter(Boolean).join(" ") + (x.band && `, ${x.band}`)).replaceAll("\u00a0", " ")];
};

test("a difference in words", () => {
  assert.deepEqual(say("en", observable(), series([-16312], [-9812], [-4088])),
    ["clear", "about 9,800 fewer people on 31 May 2024, 90 % between 4,100 and 16,300 fewer"]);
  assert.deepEqual(say("es", observable(), series([-16312], [-9812], [-4088])),
    ["clear", "cerca de 9,800 personas menos el 31 de mayo de 2024, 90 % entre 4,100 y 16,300 menos"]);
  assert.deepEqual(say("en", observable({ take: "sum" }), series([-200], [400], [900])),
    ["open", "about 400 more people in May 2024, 90 % between 200 fewer and 900 more"]);
});

test("small numbers are not given", () => {
  assert.equal(say("en", observable(), series([-3], [-1], [4]))[1], "fewer than 10 people of difference on 31 May 2024");
});

test("one is one, and a middle near nothing has no finer digits than its band", () => {
  assert.equal(say("en", observable(), series([-6], [-1], [12]))[1], "about 1 fewer person on 31 May 2024, 90 % between 6 fewer and 12 more");
  assert.equal(say("en", observable(), series([-3195], [-2], [1705]))[1], "about 0 people more or fewer on 31 May 2024, 90 % between 3,200 fewer and 1,710 more");
});

test("no difference", () => {
  assert.equal(say("en", observable(), series([0], [0], [0]))[0], "same");
});

test("money is less, not fewer; pure numbers are lower", () => {
  assert.match(say("en", observable({ unit: "USD" }), series([-4e6], [-3e6], [-2e6]))[1], /^about 3,000,000 USD less/);
  assert.equal(say("es", observable({ unit: "USD", take: "sum" }), series([1.2e9], [1.46e9], [1.7e9]))[1], "cerca de 1,460 millones de USD más en mayo de 2024, 90 % entre 1,200 millones y 1,700 millones más");
  assert.match(say("en", observable({ unit: "USD", take: "sum" }), series([1.46e9], [1.46e9], [1.46e9]))[1], /in nearly every pair$/);

  assert.match(say("en", observable({ unit: "1", take: "mean" }), series([-0.4], [-0.3], [-0.2]))[1], /^about 0\.300 lower/);
});

test("chances and dates", () => {
  const s = series([NaN], [NaN], [NaN]);
  s.base.mean[0] = 0.51;
  s.other.mean[0] = 0.124;
  s.difference.mean[0] = -0.386;
  assert.equal(say("en", observable({ take: "any", unit: "1" }), s)[1], "12 % instead of 51 % in May 2024");
  const d = series([-40], [-30], [-20], [19000]);
  d.other.q50[0] = 18970;
  d.base.mean[0] = 0.8;
  d.other.mean[0] = 1;
  assert.equal(say("en", observable({ take: "first", unit: "date", every: "run" }), d)[1], "about 9 December 2021 instead of 8 January 2022, it comes in 100 % of the members instead of 80 %");
  d.other.q50[0] = d.base.q50[0] = NaN;
  assert.equal(say("en", observable({ take: "first", unit: "date", every: "run" }), d)[1], "it comes in 100 % of the members instead of 80 %");
});

test("a chance that is the same is no difference, and a small one has its digits", () => {
  const s = series([NaN, NaN], [NaN, NaN], [NaN, NaN], [1, 1]);
  s.dates.push("2024-06-01");
  [s.base.mean[0], s.base.mean[1]] = [0.4, 0.4];
  [s.other.mean[0], s.other.mean[1]] = [0.4, 0.405];
  [s.difference.mean[0], s.difference.mean[1]] = [0, 0.005];
  const at = (k) => sentence.sentence("en", words.en, observable({ take: "any", unit: "1" }), s, k, "2025-06-01");
  assert.equal(at(0).kind, "same");
  assert.equal(at(1).strong.replaceAll("\u00a0", " "), "40.5 % instead of 40.0 %");
});

test("a place at the edge keeps its name", () => {
  const named = map.labels([{ x: 70, y: 100, r: 30, text: "Baja California y Sonora", away: false }, { x: 160, y: 110, r: 20, text: "Chihuahua", away: false }, { x: 215, y: 140, r: 28, text: "Coahuila", away: false }], 358, 300);
  assert.deepEqual(named.map((l) => l.text), ["Baja California y Sonora", "Chihuahua", "Coahuila"]);
  assert.ok(named[0].x > 70 && named[0].anchor === "middle", "pushed inside");
});

test("what is measured", () => {
  const of = (lang, more) => sentence.measureOf(words[lang], observable(more));
  assert.deepEqual([of("en", { take: "sum" }), of("es", { take: "mean", every: "day", unit: "1" }), of("en", { take: "first", unit: "date", every: "run" })],
    ["people, sum of each month", "media de cada día", "date"]);
});

test("rounding follows the band", () => {
  assert.equal(number.stepOf(-241000, -167300, -86580, true), 1000);
  assert.equal(number.stepOf(12, 12, 12, true), 1);
  assert.equal(number.number("en", -1234.5, 10, true), "−1,230");
  assert.equal(number.number("en", 0.4, 1, true), "0");
  assert.equal(number.plain("en", 394.28), "394.3");
  assert.equal(number.short("en", 230e6), "230 M");
});

test("units are put together", () => {
  assert.equal(sentence.unitOf(words.en, "people/day"), "people per day");
  assert.equal(sentence.unitOf(words.es, "people/day"), "personas por día");
  assert.equal(sentence.unitOf(words.es, "1/day"), "por día");
  assert.equal(sentence.unitOf(words.en, "1"), "");
  assert.equal(sentence.unitOf(words.en, "goats"), "goats");
});

test("periods", () => {
  assert.equal(date.endOf({ every: "month" }, "2024-02-01", ""), "2024-02-29");
  assert.equal(date.periodAt(["2024-01-01", "2024-02-01"], "2024-01-31"), 0);
  assert.equal(date.nextMonth("2023-12-01"), "2024-01-01");
});

const lever = { name: "slots", layer: "accounting", cells: [{ cell: "", value: 25, min: 0, max: 100, step: 1 }] };
const corridor = {
  from: "2023-07-01", clock: { start: "2023-01-01", end: "2024-07-01" }, levers: [lever], flows: [], places: [],
  observables: [observable(), observable({ name: "rare", headline: false })],
  policies: [
    { name: "was", base: "", changes: [{ lever: "slots", cell: "", from: "2023-01-01", value: 25 }, { lever: "slots", cell: "", from: "2023-04-17", value: 30 }], formulas: [] },
    { name: "more", base: "was", from: "2023-08-01", until: "2023-10-01", changes: [{ lever: "slots", cell: "", from: "2023-08-01", value: 36 }], formulas: [] },
    { name: "sum", base: "was", from: "2023-08-01", changes: [], formulas: ["slots"] },
  ],
};

test("what a policy sets on a day", () => {
  const at = (name, day) => policy.policyValue(policy.chainOf(corridor, name), lever, lever.cells[0], day);
  assert.deepEqual(at("was", "2023-02-01"), { value: 25, formula: false });
  assert.deepEqual(at("more", "2023-07-31"), { value: 30, formula: false });
  assert.deepEqual(at("more", "2023-08-01"), { value: 36, formula: false });
  assert.deepEqual(at("more", "2023-10-01"), { value: 30, formula: false });
  assert.deepEqual(at("sum", "2023-09-01"), { value: 30, formula: true });
});

test("a moved lever keeps its date", () => {
  let s = policy.withValue({ policy: "was", changes: [] }, "slots", "", 40, "2023-08-01");
  s = policy.withDate(s, "slots", "", "2023-09-01");
  s = policy.withValue(s, "slots", "", 50, "2023-08-01");
  assert.deepEqual(s.changes, [{ lever: "slots", cell: "", from: "2023-09-01", value: 50 }]);
  assert.deepEqual(policy.without(s, "slots", [""]).changes, []);
});

const usual = { base: { policy: "was", changes: [] }, other: { policy: "was", changes: [] }, date: "", start: "2023-08-01", until: "2024-07-01", members: 200, lang: "en", observable: "", cell: "", mapped: "" };

test("a link holds everything", () => {
  const s = {
    ...usual, other: { policy: "more", changes: [{ lever: "slots", cell: "", from: "2023-09-01", value: 40.5 }] }, base: { policy: "sum", changes: [{ lever: "slots", cell: "", from: "2023-09-01", value: 3 }] },
    date: "2024-01-01", until: "2024-05-01", members: 20, lang: "es", observable: "rare",
  };
  assert.deepEqual(share.readShared(corridor, `#${share.writeShared(s, usual)}`, usual), s);
  assert.equal(share.writeShared(usual, usual), "");
});

test("a link of another corridor opens what it can", () => {
  const s = share.readShared(corridor, "#policy=gone&set=gone@2023-09-01=1&set=slots@2023-09-01=1e9&set=slots@never=3&show=gone&date=gone&members=-4&lang=xx", usual);
  assert.deepEqual(s, { ...usual, lang: null, other: { policy: "was", changes: [{ lever: "slots", cell: "", from: "2023-09-01", value: 100 }] } });
});

test("what differs most is shown first", () => {
  const answer = { series: new Map([["waiting/", series([-3], [1], [4])], ["rare/", series([50], [60], [70])]]) };
  assert.deepEqual(effect.ranked({ observables: [observable(), observable({ name: "rare" })] }, answer, "2025").map((o) => o.name), ["rare"]);
  assert.deepEqual(effect.strongest({ observables: [observable(), observable({ name: "rare" })] }, answer), { name: "rare", date: "" });
  const past = { ...series([0], [0], [0]), dates: ["2024-01-01", "2024-02-01"], base: band([9, 9], [9, 9], [9, 9]), difference: band([5, 0], [6, 0], [7, 0]) };
  assert.deepEqual(effect.strongest({ observables: [observable()] }, { series: new Map([["waiting/", past]]) }).date, "2024-01-01");
  assert.ok(effect.isSame(series([0], [0], [0])) && !effect.isSame(series([-1], [0], [0])));
});

test("the map", () => {
  const place = (lon, role) => ({ set: "s", member: String(lon), label: { en: `at ${lon}`, es: "" }, lat: 10, lon, role });
  const places = [place(-100, "stop"), place(-90, "stop"), place(100, "origin"), place(0, "place")];
  const circles = { cells: [{ cell: "a", place: "s=-100" }, { cell: "b", place: "s=-90" }] };
  const c = { places, flows: [{ observable: "went", cell: "x", from: "s=100", to: "s=-90" }] };
  const lons = (near, o = circles) => map.extentOf(c, o, [{ name: "went" }], near).map((p) => p.lon);
  assert.deepEqual([lons(true), lons(false)], [[-100, -90], [-100, -90, 100]], "places of nothing shown are left out");
  assert.deepEqual(lons(true, { cells: [{ cell: "a", place: "s=100" }] }), [-90, 100], "an origin with a circle is not");
  const frame = { width: 600, height: 400, projection: map.projectionOf(places.slice(0, 2), 600, 400) };
  assert.ok(!map.drawnAt(frame, places[0]).away);
  const away = map.drawnAt(frame, places[2]);
  assert.ok(away.away && away.x >= 0 && away.x <= 600 && away.y >= 0 && away.y <= 400, "what lies outside is at the edge");
  const arc = { flow: c.flows[0], from: places[2], to: places[1], path: "M" };
  assert.deepEqual(layers.endsOf([arc], [{ place: places[1] }], frame, (p) => p.label.en).map((e) => [e.text, e.away]), [["at 100", true]]);
  assert.equal(map.niceBelow(47000), 20000);
  const two = map.labels([{ x: 50, y: 50, r: 10, text: "one" }, { x: 52, y: 50, r: 10, text: "another" }], 300, 200);
  assert.equal(two.length, 2);
  assert.notEqual(two[0].y, two[1].y);
});

test("a small picture leaves out what is no number", () => {
  const s = spark.spark(band([1, NaN, 3], [2, NaN, 4], [3, NaN, 5]), false);
  assert.ok(s && !/NaN/.test(s.ninety + s.half + s.line));
  assert.equal(spark.spark(band([NaN], [NaN], [NaN]), false), null);
});

test("numbers as they are written", () => {
  assert.equal(number.exact("en", 230000000), "230,000,000");
  assert.equal(number.exact("es", 0.06), "0.06");
  assert.equal(number.exact("en", -1234.5), "-1,234.5");
  for (const [text, x] of [["230,000,000", 230e6], ["1 500", 1500], ["0,25", 0.25], ["12,5", 12.5], ["1,500", 1500], ["0,125", 0.125], ["-3.5", -3.5], [".5", 0.5], ["1,234.5", 1234.5]])
    assert.equal(number.parsed(text), x, text);
  for (const text of ["", "many", "1..2", "--1"]) assert.ok(Number.isNaN(number.parsed(text)), text);
  for (const x of [0, 25, 0.58, 1e-7, 1450, 1e9]) assert.equal(number.parsed(number.exact("en", x)), x);
});

test("politics is marked where somebody moves it, not where it could be", () => {
  const c = {
    politics: { was: { program: 0, rests: [] }, talks: { program: 0, rests: ["waiting"] }, calm: { program: 1, rests: [] } },
    levers: [{ name: "talk", layer: "politics", cells: [{ cell: "", value: 0 }], reaches: [["waiting"], []] }, { name: "slots", layer: "accounting", cells: [{ cell: "", value: 1 }] }],
  };
  const rests = (policyName, lever, value, from = "2024-01-01") =>
    politics.restsOnPolitics(c, "waiting", [{ policy: policyName, changes: lever ? [{ lever, cell: "", from, value }] : [] }], "2024-06-01");
  assert.deepEqual([rests("was"), rests("talks"), rests("was", "talk", 1), rests("was", "talk", 0), rests("calm", "talk", 1), rests("was", "slots", 5), rests("was", "talk", 1, "2025-01-01")],
    [false, true, true, false, false, false, false]);
});

test("messages in Spanish", () => {
  assert.equal(messages.said("en", "data/state.bin could not be read (404)"), "data/state.bin could not be read (404)");
  assert.equal(messages.said("es", "data/state.bin could not be read (404)"), "no se pudo leer data/state.bin (404)");
  assert.equal(messages.said("es", "something else"), "something else");
});

test("mistakes in Spanish", () => {
  const es = (text) => mistakes.mistake("value", text);
  assert.equal(es('expected a name that is defined, found "patient"'), 'se esperaba: un nombre definido; se encontró "patient"');
  assert.equal(es("expected a hazard in 1/day, found 1"), "se esperaba: un riesgo en 1/day; se encontró 1");
  assert.equal(es("expected no start in a junction"), "no se esperaba ningún start en un cruce");
  assert.equal(es('row 2, column date: expected the first day of a month, found "2024-13"'), 'fila 2, columna date: se esperaba: el primer día de un período (month); se encontró "2024-13"');
  assert.equal(es('row h2, column e: expected a member of e, found "e3"'), 'fila h2, columna e: se esperaba: un miembro de e; se encontró "e3"');
  assert.equal(es("row h2: e3 is never used"), "fila h2: e3 no se usa nunca");
  assert.equal(es("growth: expected at most 65000 days, found none"), "growth: se esperaba: a lo más 65000 días; no se encontró");
  assert.equal(es("expected a series over no sets, found one over [kind]"), "se esperaba: una serie sin conjuntos; se encontró una sobre [kind]");
  assert.equal(es("expected a single value, found one over [kind]"), "se esperaba: un solo valor; se encontró uno sobre [kind]");
  assert.equal(es("expected 2 cells as in the header, found 3"), "se esperaba: 2 celdas como en el encabezado; se encontraron 3");
  assert.equal(es("expected 2 or more arguments, found 1"), "se esperaba: 2 argumentos o más; se encontró 1");
  assert.equal(es("expected from 0 to 9 people, found 30"), "se esperaba: de 0 a 9 people; se encontró 30");
  assert.equal(es("row h2: what nobody has words for"), null);
  assert.equal(es("beds is never used"), "beds no se usa nunca");
  assert.equal(es("expected a gadget in people, found 1"), null);
  assert.equal(mistakes.mistake("yaml-syntax", "missing comma in flow mapping"), "el texto no sigue las reglas de YAML");
  assert.equal(mistakes.advice("did you mean patience?"), "¿quiso decir patience?");
  assert.equal(mistakes.advice("ages: {width: 30 days, keep: 7}"), "ages: {width: 30 days, keep: 7}");
});

test("whatever the checker says of the broken corridors has words, and none of them is left in English", () => {
  const folder = join(process.env.SOURCE ?? join(here, ".."), "tests/bad"), unknown = [], half = [], ours = /^ {2}hint: (.*)$|: (?:error|warning): (.*)$/;
  const english = (es) => /(?<![\p{L}\d_-])(expected|found|the|to(?= \p{L})|and|or|in|of|an|for|with|not|which|that|more|must|write|say|as|no sets)(?![\p{L}\d_:-])/u.test(es.replace(/"[^"]*"|`[^`]*`|«[^»]*»/g, ""));
  for (const name of readdirSync(folder)) {
    for (const line of readFileSync(join(folder, name, "expected.txt"), "utf8").split("\n")) {
      const [, hint, text] = ours.exec(line) ?? [], whole = text ?? "";
      const es = hint ? mistakes.advice(hint) : text && (mistakes.mistake("", whole) ?? mistakes.mistake("", whole.replace(/^[^:]*: /, "")));
      if (hint && /^[a-z ]+$/.test(hint) && es === hint) unknown.push(hint);
      if (text && !es) unknown.push(whole);
      if (es && english(es)) half.push(`${hint ?? text} -> ${es}`);
    }
  }
  assert.deepEqual(unknown, ["signals.l.is: missing comma in flow mapping"], "only what the reader of YAML says itself");
  assert.deepEqual(half, []);
});

test("names of dates above a chart are not crossed, nor cut", () => {
  for (const right of [300, 900]) for (let a = 62; a <= right; a += 7) for (let b = 62; b <= right; b += 7) for (const widths of [[60, 80], [105, 145]]) {
    const rows = strip.rowsOf([{ label: "a", x: a, width: widths[0] }, { label: "b", x: b, width: widths[1] }], right);
    rows.forEach((m, row) => {
      assert.ok(m.at >= 0 && m.at + m.width <= Math.max(right, m.x), `${a} ${b} ${right}: cut`);
      for (const above of rows.slice(0, row)) assert.ok(above.x <= m.at || above.x >= m.at + m.width, `${a} ${b} ${right}: crossed`);
    });
  }
});

test("both languages have the same words", () => {
  assert.deepEqual(Object.keys(words.es).sort(), Object.keys(words.en).sort());
});
