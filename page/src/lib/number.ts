/* Rounding as the report has it (src/report/words.c): a number is shown no finer than its band
 * deserves, for a digit that another run would change is noise to its reader. */
import type { Band } from "../contract";
import type { Lang } from "../words";

const powerBelow = (x: number) => 10 ** Math.floor(Math.log10(x) + 1e-9);
export const localeOf = (lang: Lang) => (lang === "es" ? "es-419" : "en-US");

/** What a band is rounded to; whole: it counts things. */
export function stepOf(low: number, middle: number, high: number, whole: boolean): number {
  const most = Math.max(Math.abs(low), Math.abs(high)), spread = high - low;
  if (!(most > 0) || !Number.isFinite(most)) return 0;
  const finest = powerBelow(most) / 1000;
  let step = whole ? finest : 10 * finest;
  if (spread > most * 1e-9) step = powerBelow(spread / 5) / 10;
  if (middle) step = Math.min(step, powerBelow(Math.abs(middle)) / 10);
  if (whole && most >= 5) step = Math.max(step, 1);
  return Math.max(step, finest);
}

export const bandStep = (b: Band, k: number, whole: boolean) => stepOf(b.q05[k], b.q50[k], b.q95[k], whole);

const formats = new Map<string, Intl.NumberFormat>();

function fixed(lang: Lang, decimals: number): Intl.NumberFormat {
  const key = `${lang}${decimals}`;
  let format = formats.get(key);
  if (!format) {
    const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: "always" };
    format = new Intl.NumberFormat(localeOf(lang), options as unknown as Intl.NumberFormatOptions);
    formats.set(key, format);
  }
  return format;
}

export function number(lang: Lang, value: number, step = 0, sign = false): string {
  if (!Number.isFinite(value)) return "–";
  const rounded = step > 0 ? Math.round(value / step) * step : value;
  const decimals = step > 0 && step < 1 ? Math.min(9, Math.ceil(-Math.log10(step) - 1e-9)) : 0;
  const text = fixed(lang, decimals).format(Math.abs(rounded));
  if (!/[1-9]/.test(text)) return text;
  return (rounded < 0 ? "−" : sign ? "+" : "") + text;
}

/** A number by itself: whole ones whole, others to four figures. */
export function plain(lang: Lang, value: number | null): string {
  if (value === null || !Number.isFinite(value)) return "–";
  if (Number.isInteger(value)) return number(lang, value, 1);
  const text = number(lang, value, powerBelow(Math.abs(value)) / 1000);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** For axes: 1.2 M, 300 k. */
export function short(lang: Lang, value: number): string {
  const size = Math.abs(value);
  const [factor, letter] = size >= 1e9 ? [1e9, " bn"] : size >= 1e6 ? [1e6, " M"] : [1, ""];
  const x = value / factor;
  return plain(lang, Math.abs(x) < 1e-12 ? 0 : Number(x.toPrecision(6))).replace("-", "−") + (lang === "es" && letter === " bn" ? " mil M" : letter);
}

/** All its digits, as a field to write in has them. */
export function exact(lang: Lang, value: number): string {
  if (!Number.isFinite(value)) return "";
  if (Math.abs(value) < 1e-6 && value !== 0) return String(value);
  const [, digits = ""] = /\.(\d+)$/.exec(String(Number(Math.abs(value).toPrecision(12)))) ?? [];
  return number(lang, value, 10 ** -digits.length).replace("−", "-");
}

/** What somebody wrote: 1,500 and 1 500 are grouped, 0,25 and 12,5 have a decimal comma. */
export function parsed(text: string): number {
  const plain = text.trim().replace("−", "-").replace(/[\s\u00a0\u202f'’_]/g, "");
  const comma = !plain.includes(".") && /^-?(0|\d+),(\d+)$/.exec(plain);
  const isDecimal = comma && (comma[1] === "0" || comma[2].length !== 3);
  const number = isDecimal ? plain.replace(",", ".") : plain.replaceAll(",", "");
  return /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(number) ? Number(number) : NaN;
}
