/* A band as paths of a small picture that is stretched to its place. */
import type { Band } from "../contract";

export interface Spark { ninety: string; half: string; line: string; zero: number }
export const sparkSize = { width: 200, height: 48 };

const finite = (x: number) => Number.isFinite(x);

/** withZero: zero is always in sight, as for a difference or a count. */
export function spark(b: Band, meanOnly: boolean): Spark | null {
  const middle = meanOnly ? b.mean : b.q50, all = meanOnly ? [...b.mean] : [...b.q05, ...b.q95];
  const values = all.filter(finite);
  if (values.length < 2) return null;
  const low = Math.min(0, ...values), high = Math.max(0, ...values), { width, height } = sparkSize, edge = 2;
  const x = (k: number) => (middle.length > 1 ? (k * width) / (middle.length - 1) : 0);
  const y = (v: number) => (high > low ? edge + ((high - v) / (high - low)) * (height - 2 * edge) : height / 2);
  const walk = (v: Float64Array, back = false) => {
    const points = [...v].map((value, k) => (finite(value) ? `${x(k).toFixed(1)},${y(value).toFixed(1)}` : "")).filter(Boolean);
    return (back ? points.reverse() : points).join("L");
  };
  const area = (from: Float64Array, to: Float64Array) => (meanOnly || !walk(from) ? "" : `M${walk(from)}L${walk(to, true)}Z`);
  return { ninety: area(b.q05, b.q95), half: area(b.q25, b.q75), line: walk(middle) ? `M${walk(middle)}` : "", zero: y(0) };
}
