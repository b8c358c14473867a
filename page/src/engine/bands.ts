/* Bands and paired differences of members' numbers, as src/ensemble/summary.c has them: quantiles
 * linear between order statistics (type 7), none where a value is no number. */
import type { Band, Observable, Series } from "../contract";

const at = [0.05, 0.25, 0.5, 0.75, 0.95];
const names = ["q05", "q25", "q50", "q75", "q95"] as const;

export function emptyBand(n: number): Band {
  const make = () => new Float64Array(n);
  return { q05: make(), q25: make(), q50: make(), q75: make(), q95: make(), mean: make() };
}

export function quantile(sorted: Float64Array, q: number): number {
  const where = q * (sorted.length - 1), low = Math.floor(where);
  if (low + 1 >= sorted.length) return sorted[sorted.length - 1];
  if (where === low) return sorted[low]; // its neighbour may be no number
  return sorted[low] + (where - low) * (sorted[low + 1] - sorted[low]);
}

export function mean(values: Float64Array): number {
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

/** Sorts values, those that are no number last. Of dates the mean is the share that has one. */
export function putBand(band: Band, k: number, values: Float64Array, take: string): void {
  band.mean[k] = mean(values);
  values.sort();
  const last = values[values.length - 1];
  if (take === "first") band.mean[k] = values.filter((v) => !Number.isNaN(v)).length / values.length;
  const none = take === "any" || (take !== "first" && Number.isNaN(last));
  names.forEach((name, i) => (band[name][k] = none ? NaN : quantile(values, at[i])));
}

/** Dates differ only in the members that have one under both. */
function putDifference(band: Band, k: number, values: Float64Array, take: string): void {
  const both = take === "first" ? values.filter((v) => !Number.isNaN(v)) : values;
  if (both.length) putBand(band, k, both, take === "first" ? "last" : take);
  else for (const name of [...names, "mean"] as const) band[name][k] = NaN;
}

/** One number of a member; `period` of the cell number `cell`, -1 for the total. */
export type Values = (member: number, cell: number, period: number) => number;

export function seriesOf(o: Observable, cell: number, dates: string[], n: number, base: Values, other: Values): Series {
  const periods = dates.length, a = new Float64Array(n), b = new Float64Array(n), d = new Float64Array(n);
  const s: Series = {
    observable: o.name, cell: cell < 0 ? "" : o.cells[cell].cell, dates,
    base: emptyBand(periods), other: emptyBand(periods), difference: emptyBand(periods),
  };
  for (let k = 0; k < periods; k++) {
    for (let m = 0; m < n; m++) {
      a[m] = base(m, cell, k);
      b[m] = other(m, cell, k);
      d[m] = b[m] - a[m];
    }
    putBand(s.base, k, a, o.take);
    putBand(s.other, k, b, o.take);
    putDifference(s.difference, k, d, o.take);
  }
  return s;
}

/** A map of series that are worked out when they are first asked for. */
export class LazySeries extends Map<string, Series> {
  constructor(private makers: Map<string, () => Series>) { super(); }
  override get size(): number { return this.makers?.size ?? 0; }
  override has(key: string): boolean { return this.makers.has(key); }
  override get(key: string): Series | undefined {
    const found = super.get(key), make = this.makers.get(key);
    if (found || !make) return found;
    const made = make();
    super.set(key, made);
    return made;
  }
  override keys() { return this.makers.keys(); }
  override *values(): Generator<Series, undefined> {
    for (const key of this.makers.keys()) yield this.get(key)!;
  }
  override *entries(): Generator<[string, Series], undefined> {
    for (const key of this.makers.keys()) yield [key, this.get(key)!];
  }
  override [Symbol.iterator]() { return this.entries(); }
  override forEach(call: (value: Series, key: string, map: Map<string, Series>) => void): void {
    for (const [key, value] of this.entries()) call(value, key, this);
  }
}
