// The page's plain functions: rounding and words, dates, links, what a policy sets, what the charts get.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const here = new URL("..", import.meta.url).pathname;
const names = ["number", "date", "sentence", "effect", "policy", "share", "map", "layers", "spark"];
const file = join(mkdtempSync(join(tmpdir(), "paso-page-")), "helpers.mjs");
await build({
  stdin: { contents: [...names.map((n) => `export * as ${n} from "./src/lib/${n}";`), 'export { words } from "./src/words";'].join("\n"), resolveDir: here, loader: "ts" },
  bundle: true, format: "esm", platform: "node", outfile: file, logLevel: "error",
});
const { number, date, sentence, effect, policy, share, map, spark, words } = await import(file);

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
  clock: { start: "2023-01-01", end: "2024-07-01" }, levers: [lever], flows: [], places: [],
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
  const at = (lon, role) => ({ set: "s", member: String(lon), lat: 10, lon, role });
  const far = [at(-100, "stop"), at(-90, "stop"), at(100, "origin")];
  assert.deepEqual([map.extentOf(far, true).length, map.extentOf(far, false).length], [2, 3]);
  assert.ok(map.isWide(far) && !map.isWide([at(-100, "stop"), at(-90, "stop"), at(-80, "origin")]));
  assert.equal(map.niceBelow(47000), 20000);
  const two = map.labels([{ x: 50, y: 50, r: 10, text: "one" }, { x: 52, y: 50, r: 10, text: "another" }], 300);
  assert.equal(two.length, 2);
  assert.notEqual(two[0].y, two[1].y);
});

test("a small picture leaves out what is no number", () => {
  const s = spark.spark(band([1, NaN, 3], [2, NaN, 4], [3, NaN, 5]), false);
  assert.ok(s && !/NaN/.test(s.ninety + s.half + s.line));
  assert.equal(spark.spark(band([NaN], [NaN], [NaN]), false), null);
});

test("both languages have the same words", () => {
  assert.deepEqual(Object.keys(words.es).sort(), Object.keys(words.en).sort());
});
