/* Which results a difference shows in, and how strongly: what the page points to first. */
import type { Answer, Corridor, Observable, Series } from "../contract";
import { periodAt } from "./date";

export const isWhole = (o: Observable) => !["1", "days", "years", "date"].includes(o.unit) && !o.unit.includes("/") && o.take !== "mean";
export const defaultCell = (o: Observable) => (o.total || !o.cells.length ? "" : o.cells[0].cell);

/** The same in every pair and period; of a date, in how many members it comes as well. */
export function isSame(s: Series): boolean {
  const nothing = (x: number) => x === 0 || Number.isNaN(x);
  const { mean, q05, q95 } = s.difference;
  return mean.every((x, k) => nothing(x) && nothing(q05[k]) && nothing(q95[k])) && (s.dates.length > 1 || Object.is(s.base.mean[0], s.other.mean[0]));
}

/** How large the middle of the difference is against what it changes; 0 where the sign is open. */
export function strength(s: Series, k: number): number {
  const d = s.difference, low = d.q05[k], high = d.q95[k];
  if (!(low > 0 || high < 0)) return 0;
  return Math.abs(d.q50[k]) / (Math.abs(s.base.q50[k]) + Math.abs(d.q50[k]));
}

export function headlines(c: Corridor): Observable[] {
  const some = c.observables.filter((o) => o.headline);
  return some.length ? some : c.observables;
}

const least = 0.0005;
const hasBand = (o: Observable) => o.take !== "any" && o.take !== "first";
const seriesOf = (a: Answer, o: Observable) => a.series.get(`${o.name}/${defaultCell(o)}`);

/** Headline results that differ clearly at the date, the most changed first. */
export function ranked(c: Corridor, a: Answer, date: string): Observable[] {
  const weight = (o: Observable): number => {
    const s = hasBand(o) ? seriesOf(a, o) : undefined;
    return s?.dates.length ? strength(s, periodAt(s.dates, date)) : 0;
  };
  return headlines(c).map((o) => ({ o, weight: weight(o) })).filter((x) => x.weight > least).sort((x, y) => y.weight - x.weight).map((x) => x.o);
}

/** What to show first: the result that differs most at the end, or, where none does any more, the one
 * and the date where the difference was largest. */
export function strongest(c: Corridor, a: Answer): { name: string; date: string } | undefined {
  const end = ranked(c, a, "9999")[0];
  if (end) return { name: end.name, date: "" };
  let best = { name: "", date: "", weight: least };
  for (const o of headlines(c)) {
    const s = hasBand(o) ? seriesOf(a, o) : undefined;
    s?.dates.forEach((date, k) => {
      const weight = strength(s, k);
      if (weight > best.weight) best = { name: o.name, date, weight };
    });
  }
  return best.name ? best : undefined;
}
