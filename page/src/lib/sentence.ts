/* A paired difference in words: "about 9,800 fewer people on 31 May 2025, 90 % between 4,100 and
 * 16,300 fewer". */
import type { Band, Observable, Series } from "../contract";
import type { Lang, Words } from "../words";
import { isoOf, longDay, when } from "./date";
import { isSame, isWhole } from "./effect";
import { bandStep, number, stepOf } from "./number";

export interface Sentence { kind: "same" | "clear" | "open" | "none"; about: string; strong: string; when: string; band: string }

const small = 10;
/* Of money and rates there is less, of things there are fewer. */
const isCounted = (unit: string) => !unit.includes("/") && !/^[A-Z]{3}$/.test(unit);

/** "people per day", from the corridor's people/day; "person per day" of just one. */
export function unitOf(w: Words, unit: string, one = false): string {
  if (unit === "1" || unit === "date") return "";
  const [top, ...below] = unit.split("/");
  return [top === "1" ? "" : ((one ? w.single[top] : undefined) ?? w.units[top] ?? top), ...below.map((x) => `${w.per} ${w.single[x] ?? x}`)].filter(Boolean).join(" ");
}

/** "people, sum of each month". */
export function measureOf(w: Words, o: Observable): string {
  const every = o.take === "first" ? w.everyTake.first : `${w.everyTake[o.take]} ${w.periods[o.every] ?? ""}`.trim();
  return [unitOf(w, o.unit), every].filter(Boolean).join(", ");
}

function direction(w: Words, o: Observable, x: number): string {
  if (o.unit === "1") return x < 0 ? w.lower : w.higher;
  if (x > 0) return w.more;
  return isCounted(o.unit) ? w.fewer : w.less;
}

/* Digits, and millions as a word where money would have nine of them. */
function sizeOf(lang: Lang, o: Observable, x: number, step: number, word: string): string {
  const million = 1e6;
  if (isCounted(o.unit) || step < million / 100 || Math.abs(x) < 10 * million) return number(lang, Math.abs(x), step);
  return `${number(lang, Math.abs(x) / million, step / million)} ${word}`;
}

/* "9,800 fewer people", "9,800 personas menos". */
function amount(lang: Lang, w: Words, o: Observable, x: number, step: number): string {
  const size = sizeOf(lang, o, x, step, w.millionOf), unit = unitOf(w, o.unit, size === "1"), way = direction(w, o, x);
  if (!unit) return `${size} ${way}`;
  return lang === "es" || !isCounted(o.unit) ? `${size} ${unit} ${way}` : `${size} ${way} ${unit}`;
}

function bandOf(lang: Lang, w: Words, o: Observable, low: number, high: number, step: number): string {
  const size = (x: number) => sizeOf(lang, o, x, step, w.million);
  if (low * high > 0 && size(low) === size(high)) return w.allAlike;
  if (low < 0 && high > 0) return w.between(`${size(low)} ${direction(w, o, -1)}`, `${size(high)} ${direction(w, o, 1)}`);
  const [a, b] = Math.abs(low) < Math.abs(high) ? [low, high] : [high, low];
  return w.between(size(a), `${size(b)} ${direction(w, o, low + high)}`);
}

function chance(lang: Lang, w: Words, s: Series, k: number): Partial<Sentence> {
  const [a, b] = [s.other.mean[k], s.base.mean[k]], step = Math.abs(a - b) < 0.01 ? 0.1 : 1;
  const percent = (x: number) => `${number(lang, 100 * x, step)}\u00a0%`;
  return a === b ? {} : { kind: "clear", strong: w.instead(percent(a), percent(b)) };
}

function dated(lang: Lang, w: Words, s: Series): Partial<Sentence> {
  const day = (x: number) => (Number.isFinite(x) ? longDay(lang, isoOf(Math.round(x))) : w.never);
  const share = (x: number) => `${number(lang, 100 * (x || 0), 1)}\u00a0%`;
  const comes = w.reached(share(s.other.mean[0]), share(s.base.mean[0]));
  if (!Number.isFinite(s.other.q50[0]) && !Number.isFinite(s.base.q50[0])) return { kind: "clear", strong: comes };
  return {
    kind: "clear", about: w.about, strong: w.instead(day(s.other.q50[0]), day(s.base.q50[0])),
    band: comes,
  };
}

export function sentence(lang: Lang, w: Words, o: Observable, s: Series, k: number, until: string): Sentence {
  const nothing: Sentence = { kind: "same", about: "", strong: "", when: "", band: "" };
  if (k < 0 || isSame(s)) return nothing;
  const at = { ...nothing, when: when(lang, o, s.dates[k], until) };
  if (o.take === "any") return { ...at, ...chance(lang, w, s, k) };
  if (o.take === "first") return { ...at, when: "", ...dated(lang, w, s) };
  const d = s.difference, low = d.q05[k], high = d.q95[k], middle = d.q50[k];
  if (!Number.isFinite(middle)) return { ...at, kind: "none" };
  if (low === 0 && high === 0) return at;
  if (o.unit === "people" && Math.max(-low, high) < small) {
    return { ...at, kind: "open", strong: w.under(number(lang, small, 1), unitOf(w, o.unit)) };
  }
  /* A middle near nothing in a band on both sides of it deserves no finer digits than the band. */
  const step = low < 0 && high > 0 ? stepOf(low, 0, high, isWhole(o)) : bandStep(d, k, isWhole(o));
  if (Math.abs(middle) < step / 2) {
    return { ...at, kind: "open", about: w.about, strong: [0, unitOf(w, o.unit), w.orMore].filter((x) => x !== "").join(" "), band: bandOf(lang, w, o, low, high, step) };
  }
  return {
    ...at, kind: low < 0 && high > 0 ? "open" : "clear", about: w.about,
    strong: amount(lang, w, o, middle, step), band: bandOf(lang, w, o, low, high, step),
  };
}

/** A band by itself: its middle and "(3.9 to 4.6)", nothing where it has no width. */
export interface Level { middle: string; low: string; high: string; band: string }

export function level(lang: Lang, o: Observable, band: Band, k: number): Level {
  const l = levelOf(lang, o, band, k);
  return { ...l, band: l.low === l.high ? "" : `(${l.low}–${l.high})` };
}

function levelOf(lang: Lang, o: Observable, band: Band, k: number) {
  if (o.take === "any") return { middle: `${number(lang, 100 * band.mean[k], 1)}\u00a0%`, low: "–", high: "–" };
  if (o.take === "first") {
    const day = (x: number) => (Number.isFinite(x) ? longDay(lang, isoOf(Math.round(x))) : "–");
    return { middle: day(band.q50[k]), low: day(band.q05[k]), high: day(band.q95[k]) };
  }
  const step = stepOf(band.q05[k], band.q50[k], band.q95[k], isWhole(o));
  const write = (x: number) => number(lang, x, step);
  return { middle: write(band.q50[k]), low: write(band.q05[k]), high: write(band.q95[k]) };
}
