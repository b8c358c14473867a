/* The tables of `paso export`, made from members' numbers: same columns, order and texts
 * (src/store/export.c, hubverse.c, tidy.c, manifest.c). */
import type { Corridor, Format, Observable, Series } from "../contract";
import { mean, quantile, seriesOf, type Values } from "./bands";
import { isoDay } from "./module";

/** One policy of a table: its name, and for each observable its numbers or, from a server, nothing. */
export interface Side { name: string; values: (observable: number) => Values }
export interface Run {
  corridor: Corridor; sides: Side[]; members: number; dates: string[][];
  /** bands that came ready made: of side `side` */
  ready?: (side: number, observable: Observable, cell: string) => Series | undefined;
}

const statistics = ["mean", "q05", "q25", "q50", "q75", "q95"] as const;
const tidyColumns = ["policy", "observable", "cell", "date", "statistic", "value", "unit"];
const hubColumns = ["origin_date", "scenario_id", "location", "target", "horizon", "target_end_date",
  "output_type", "output_type_id", "value"];
const levels = [0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75,
  0.8, 0.85, 0.9, 0.95, 0.975, 0.99];

/* ---- numbers and texts as C writes them ---- */

/** %.{digits}g of the shortest digits that read back, at least six: as printf has it. */
export function numberText(x: number): string {
  if (!Number.isFinite(x)) return "";
  if (x === 0) return Object.is(x, -0) ? "-0" : "0";
  const [mantissa, power] = x.toExponential().split("e"), exponent = Number(power);
  const digits = Math.max(6, mantissa.replace(/[-.]/g, "").length);
  if (exponent >= -4 && exponent < digits) return plain(x);
  const sign = exponent < 0 ? "-" : "+";
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/* JavaScript writes 1e-7 and 1e21 with a power; between them its plain form has the same digits. */
function plain(x: number): string {
  return String(x);
}

const csvText = (s: string) => (/[,"\r\n]/.test(s) ? `"${s.replace(/"/g, '""')}"` : s);

function writer(format: "csv" | "json", columns: string[], tags?: string) {
  const rows: string[] = [];
  return {
    put(fields: (string | number)[]): void {
      if (format === "csv") rows.push(fields.map((f) => (typeof f === "string" ? csvText(f) : numberText(f))).join(","));
      else rows.push(`{${fields.map((f, i) => `"${columns[i]}":${typeof f === "string" ? JSON.stringify(f) : numberText(f) || "null"}`).join(",")}}`);
    },
    end(): string {
      if (format === "json") return `[${rows.map((r) => `\n${r}`).join(",")}\n]\n`;
      return [columns.join(","), ...(tags ? [tags] : []), ...rows].map((r) => `${r}\n`).join("");
    },
  };
}

/* ---- the house table ---- */

function bandsOf(run: Run, side: number, observable: number, cell: number): Series | undefined {
  const o = run.corridor.observables[observable];
  if (run.ready) return run.ready(side, o, cell < 0 ? "" : o.cells[cell].cell);
  const values = run.sides[side].values(observable);
  return seriesOf(o, cell, run.dates[observable], run.members, values, values);
}

/** Calls once for each policy, observable and cell, in the order of the store: a total first. */
function eachCell(run: Run, call: (side: number, observable: number, cell: number) => void): void {
  run.sides.forEach((_, side) => run.corridor.observables.forEach((o, observable) => {
    for (let cell = o.total ? -1 : 0; cell < o.cells.length; cell++) call(side, observable, cell);
  }));
}

function tidy(run: Run, format: "csv" | "json", tags?: string): string {
  const out = writer(format, tidyColumns, tags);
  eachCell(run, (side, observable, cell) => {
    const o = run.corridor.observables[observable], s = bandsOf(run, side, observable, cell);
    const chance = o.take === "any", date = o.take === "first", band = s && (run.ready && side === 1 ? s.other : s.base);
    for (let k = 0; s && band && k < s.dates.length; k++) {
      for (const statistic of chance ? (["mean"] as const) : statistics) {
        const first = statistic === "mean", x = band[statistic][k];
        const value = date && !first && Math.abs(x) < 2.9e6 ? isoDay(Math.round(x)) : x;
        out.put([run.sides[side].name, o.name, cell < 0 ? "" : o.cells[cell].cell, s.dates[k],
          first && (chance || date) ? "chance" : statistic, value, first && date ? "1" : o.unit]);
      }
    }
  });
  return out.end();
}

/* ---- the hub's ---- */

const start: Record<string, (d: Date) => Date> = {
  day: (d) => d,
  week: (d) => new Date(+d - ((d.getUTCDay() + 6) % 7) * 86400000),
  month: (d) => new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth(), 1)),
  year: (d) => new Date(Date.UTC(d.getUTCFullYear(), 0, 1)),
};
const next: Record<string, (d: Date) => Date> = {
  day: (d) => new Date(+d + 86400000),
  week: (d) => new Date(+start.week(d) + 7 * 86400000),
  month: (d) => new Date(Date.UTC(d.getUTCFullYear(), d.getUTCMonth() + 1, 1)),
  year: (d) => new Date(Date.UTC(d.getUTCFullYear() + 1, 0, 1)),
};
const dateText = (d: Date) => d.toISOString().slice(0, 10);

function hubverse(run: Run): string {
  const out = writer("csv", hubColumns), origin = new Date(`${run.corridor.from}T00:00:00Z`);
  eachCell(run, (side, observable, cell) => {
    const o = run.corridor.observables[observable], values = run.sides[side].values(observable);
    if (o.take === "first") return;
    let horizon = 1, day = start[o.every](origin);
    run.dates[observable].forEach((iso, k) => {
      const first = new Date(`${iso}T00:00:00Z`), column = new Float64Array(run.members).map((_, m) => values(m, cell, k));
      for (; +day < +first; day = next[o.every](day)) horizon++;
      const middle = mean(column);
      if (!Number.isFinite(middle)) return;
      const put = (type: string, id: string, value: number) => out.put([run.corridor.from, run.sides[side].name,
        (cell < 0 ? "" : o.cells[cell].cell) || "all", o.name, String(horizon),
        dateText(new Date(+next[o.every](first) - 86400000)), type, id, value]);
      column.sort();
      if (o.take !== "any") for (const level of levels) put("quantile", String(level), quantile(column, level));
      put("mean", "NA", middle);
    });
  });
  return out.end();
}

const hxlTags = "#x_policy,#indicator+name,#x_cell,#date+start,#x_statistic,#indicator+num,#indicator+unit";

export function table(format: Format, run: Run): string {
  if (format === "hubverse") return hubverse(run);
  return tidy(run, format === "json" ? "json" : "csv", format === "hxl" ? hxlTags : undefined);
}

export const mediaType = (format: Format) => (format === "json" ? "application/json" : "text/csv;charset=utf-8");

const meanings: [string, string, string][] = [
  ["policy", "text", "the policy of the run"],
  ["observable", "text", "what is reported"],
  ["cell", "text", "set=member, empty for a total or where there is one"],
  ["date", "date", "first day of the period"],
  ["statistic", "text", "mean, or a quantile over the members: q05 is the 5 % point"],
  ["value", "number", "in the unit of its observable; empty: no number"],
  ["unit", "text", "unit of the value"],
  ["origin_date", "date", "first day of the run"],
  ["scenario_id", "text", "the policy of the run"],
  ["location", "text", "set=member, or all"],
  ["target", "text", "what is reported"],
  ["horizon", "integer", "periods from the one that holds origin_date, which is 1"],
  ["target_end_date", "date", "last day of the period"],
  ["output_type", "text", "quantile or mean"],
  ["output_type_id", "text", "level of the quantile; NA for the mean"],
];

/** The fields of the command's manifest, and beside them what the page changed. */
export function manifest(format: Format, file: string, run: Run, more: Record<string, unknown>): string {
  const c = run.corridor, columns = format === "hubverse" ? hubColumns : tidyColumns;
  const named = (name: string) => meanings.find((m) => m[0] === name) ?? [name, "text", ""];
  const all = {
    file, format, created: `${new Date().toISOString().slice(0, 19)}Z`, command: "the page", export_command: "the page",
    version: c.version, git: c.git, corridor: c.name, corridor_hash: c.hash, options: "", from: c.from, now: c.clock.now,
    interrupted: false, ...more, members: run.members, policies: run.sides.map((s) => s.name),
    columns: columns.map(named).map(([name, type, says]) => ({ name, type, says })),
    observables: c.observables.map((o) => ({ name: o.name, en: o.label.en, unit: o.unit, every: o.every, take: o.take })),
  };
  return `${JSON.stringify(all, null, 2)}\n`;
}
