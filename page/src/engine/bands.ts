/* Bands and paired differences of members' numbers, as src/ensemble/summary.c has them: quantiles
 * linear between order statistics (type 7), none where a value is no number. */
import type { Band } from "../contract";

const at = [0.05, 0.25, 0.5, 0.75, 0.95];
const names = ["q05", "q25", "q50", "q75", "q95"] as const;

export function emptyBand(n: number): Band {
  const make = () => new Float64Array(n);
  return { q05: make(), q25: make(), q50: make(), q75: make(), q95: make(), mean: make() };
}

function quantile(sorted: Float64Array, q: number): number {
  const where = q * (sorted.length - 1), low = Math.floor(where);
  if (low + 1 >= sorted.length) return sorted[sorted.length - 1];
  return sorted[low] + (where - low) * (sorted[low + 1] - sorted[low]);
}

/** values is sorted in place. */
export function putBand(band: Band, k: number, values: Float64Array): void {
  let sum = 0;
  for (const v of values) sum += v;
  band.mean[k] = sum / values.length;
  values.sort();
  names.forEach((name, i) => {
    band[name][k] = Number.isNaN(sum) ? NaN : quantile(values, at[i]);
  });
}
