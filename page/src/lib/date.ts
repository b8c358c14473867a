/* Days as ISO dates; all arithmetic in UTC. */
import type { Observable } from "../contract";
import { localeOf } from "./number";
import type { Lang } from "../words";

const ms = 86400000;
export const dayOf = (iso: string) => Math.round(Date.parse(`${iso}T00:00:00Z`) / ms);
export const isoOf = (day: number) => new Date(day * ms).toISOString().slice(0, 10);
/** Whether there is such a day: 31 February is none. */
export const isDate = (text: string) => /^\d{4}-\d\d-\d\d$/.test(text) && Number.isFinite(dayOf(text)) && isoOf(dayOf(text)) === text;

export function nextMonth(iso: string): string {
  const [year, month] = iso.split("-").map(Number);
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

const formats = new Map<string, Intl.DateTimeFormat>();

/* To make a format is a hundred times as dear as to use it. */
function write(lang: Lang, iso: string, options: Intl.DateTimeFormatOptions): string {
  const key = lang + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.DateTimeFormat(lang === "es" ? localeOf(lang) : "en-GB", { timeZone: "UTC", ...options });
    formats.set(key, format);
  }
  return format.format(new Date(`${iso}T00:00:00Z`));
}
export const longDay = (lang: Lang, iso: string) => write(lang, iso, { day: "numeric", month: "long", year: "numeric" });
export const shortDay = (lang: Lang, iso: string) => write(lang, iso, { day: "numeric", month: "short", year: "numeric" });
export const monthOf = (lang: Lang, iso: string) => write(lang, iso, { month: "long", year: "numeric" });
export const tickOf = (lang: Lang, iso: string, withYear: boolean) =>
  withYear ? iso.slice(0, 4) : write(lang, iso, { month: "short" }).replace(".", "");

/** The last day of the period that begins on this day; runs end where the page ends. */
export function endOf(o: Observable, iso: string, until: string): string {
  const day = dayOf(iso), [year] = iso.split("-").map(Number);
  if (o.every === "week") return isoOf(day + 6);
  if (o.every === "month") return isoOf(dayOf(nextMonth(iso)) - 1);
  if (o.every === "year") return isoOf(dayOf(`${year + 1}${iso.slice(4)}`) - 1);
  return o.every === "run" ? until : iso;
}

/** "on 31 May 2025" for what is counted at an end, "in May 2025" for what goes on in it. */
export function when(lang: Lang, o: Observable, iso: string, until: string): string {
  const es = lang === "es", last = o.take === "last";
  if (last || o.every === "day") {
    const day = longDay(lang, endOf(o, iso, until));
    return es ? `el ${day}` : `on ${day}`;
  }
  const week = longDay(lang, iso);
  if (o.every === "week") return es ? `en la semana del ${week}` : `in the week of ${week}`;
  if (o.every === "month") return `${es ? "en" : "in"} ${monthOf(lang, iso)}`;
  if (o.every === "year") return `${es ? "en" : "in"} ${iso.slice(0, 4)}`;
  return es ? `hasta el ${longDay(lang, until)}` : `to ${longDay(lang, until)}`;
}

/** The same, as a table has it. */
export function periodName(lang: Lang, o: Observable, iso: string): string {
  if (o.every === "month") return write(lang, iso, { month: "short", year: "numeric" });
  return o.every === "year" ? iso.slice(0, 4) : shortDay(lang, iso);
}

/** Index of the period that holds the date: the last that begins on or before it. */
export function periodAt(dates: string[], date: string): number {
  let k = dates.length - 1;
  while (k > 0 && dates[k] > date) k--;
  return k;
}
