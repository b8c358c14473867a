/* Bands as uPlot draws them. x is in seconds at UTC; colours come from the page's style. */
import uPlot from "uplot";
import type { Band } from "../contract";
import type { Lang } from "../words";
import { isoOf, tickOf } from "./date";
import { short } from "./number";
import { rowsOf } from "./strip";

export interface Line { band: Band; dates: string[]; color: string }
export interface Dot { date: string; value: number }
export interface Chart {
  lines: Line[]; dots: Dot[]; lang: Lang; marks: { date: string; label: string }[]; picked: string; zero: boolean; meanOnly: boolean; percent: boolean; label: string;
  span: string[];      // first and last day of the axis
}

const stripRow = 15;   // pixels above the plot for the name of a date
const seconds = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 1000;
export const isoAt = (x: number) => isoOf(Math.round(x / 86400));
const color = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
const clear = (hex: string, alpha: number) => `${hex}${Math.round(alpha * 255).toString(16).padStart(2, "0")}`;

/** Columns: x, then low 5, low 25, middle, high 75, high 95 of each line, then the dots. */
export function columns(c: Chart): uPlot.AlignedData {
  const all = new Set<number>();
  for (const l of c.lines) for (const d of l.dates) all.add(seconds(d));
  for (const d of c.dots) all.add(seconds(d.date));
  const x = [...all].sort((a, b) => a - b), index = new Map(x.map((s, i) => [s, i]));
  const column = (dates: string[], values: ArrayLike<number>) => {
    const out: (number | null)[] = x.map(() => null);
    dates.forEach((d, k) => { out[index.get(seconds(d))!] = Number.isFinite(values[k]) ? values[k] : null; });
    return out;
  };
  const data: (number | null)[][] = c.lines.flatMap(({ band: b, dates }) =>
    [b.q05, b.q25, c.meanOnly ? b.mean : b.q50, b.q75, b.q95].map((v) => column(dates, v)));
  data.push(column(c.dots.map((d) => d.date), c.dots.map((d) => d.value)));
  return [x, ...data] as uPlot.AlignedData;
}

function seriesOf(c: Chart): { series: uPlot.Series[]; bands: uPlot.Band[] } {
  const series: uPlot.Series[] = [{}], bands: uPlot.Band[] = [];
  for (const l of c.lines) {
    const at = series.length, hex = color(l.color), hidden: uPlot.Series = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true };
    series.push({ ...hidden }, { ...hidden }, { stroke: hex, width: 2.25, points: { show: false }, spanGaps: true }, { ...hidden }, { ...hidden });
    if (!c.meanOnly) bands.push({ series: [at + 4, at], fill: clear(hex, 0.16) }, { series: [at + 3, at + 1], fill: clear(hex, 0.26) });
  }
  const seen = color("seen");
  series.push({ stroke: "transparent", width: 0, points: { show: true, size: 6, fill: seen, stroke: seen, width: 0 } });
  return { series, bands };
}

/* A line at a date. */
function rule(u: uPlot, x: number, top: number, dash: number[], stroke: string): void {
  const { ctx, bbox } = u, ratio = devicePixelRatio;
  ctx.strokeStyle = stroke;
  ctx.lineWidth = ratio;
  ctx.setLineDash(dash.map((d) => d * ratio));
  ctx.beginPath();
  ctx.moveTo(x, top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
}

/* Dashed lines at dates with their names above the plot, and a full one at the date shown. */
function drawMarks(u: uPlot, c: Chart): void {
  const { ctx, bbox } = u, ratio = devicePixelRatio, right = bbox.left + bbox.width, soft = color("soft");
  const place = (iso: string) => Math.round(u.valToPos(seconds(iso), "x", true));
  const isSeen = (x: number) => x >= bbox.left && x <= right;
  ctx.save();
  ctx.font = `${12 * ratio}px system-ui, sans-serif`;
  ctx.fillStyle = soft;
  ctx.textAlign = "left";
  const marks = c.marks.map(({ date, label }) => ({ label, x: place(date), width: ctx.measureText(label).width })).filter((m) => isSeen(m.x));
  rowsOf(marks, right).forEach((m, row) => {
    const foot = bbox.top - (4 + stripRow * (marks.length - 1 - row)) * ratio;
    ctx.fillText(m.label, m.at, foot);
    rule(u, m.x, foot + 3 * ratio, [2, 4], soft);
  });
  if (c.picked && isSeen(place(c.picked))) rule(u, place(c.picked), bbox.top, [], color("ink"));
  const y = Math.round(u.valToPos(0, "y", true));
  ctx.fillStyle = color("ink");
  if (c.zero && y >= bbox.top && y <= bbox.top + bbox.height) ctx.fillRect(bbox.left, y, bbox.width, ratio);
  ctx.restore();
}

function ticks(lang: Lang) {
  return (_: uPlot, values: number[]) => values.map((v, i) => {
    const iso = isoAt(v), january = iso.slice(5, 7) === "01", year = iso.slice(0, 4);
    const isNew = i === 0 || isoAt(values[i - 1]).slice(0, 4) !== year;
    return tickOf(lang, iso, january) + (isNew && !january ? ` ${year}` : "");
  });
}

/* Nothing is counted below nothing; a difference has zero in sight. */
function range(_: uPlot, low: number, high: number): [number, number] {
  const [a, b] = [Math.min(0, low), Math.max(0, high)];
  if (a === b) return [0, 1];
  return [a && a - 0.05 * (b - a), b && b + 0.05 * (b - a)];
}

export function options(c: () => Chart, size: { width: number; height: number }, on: { pick(iso: string): void; point(iso: string): void }): uPlot.Options {
  const now = c(), { series, bands } = seriesOf(now), soft = color("soft");
  const axis = { stroke: soft, font: "12px system-ui, sans-serif", ticks: { show: false } };
  return {
    ...size, series, bands, tzDate: (ts) => uPlot.tzDate(new Date(ts * 1000), "Etc/UTC"),
    padding: [8 + stripRow * now.marks.length, 12, 0, 0], legend: { show: false },
    cursor: { points: { show: false }, drag: { x: false, y: false }, y: false },
    scales: { y: { range }, x: { range: () => [seconds(c().span[0]), seconds(c().span[1])] } },
    axes: [
      { ...axis, grid: { show: false }, values: ticks(now.lang), space: 70, size: 34 },
      { ...axis, grid: { stroke: color("rule"), width: 1 }, size: 62, space: 44, values: (_, v) => v.map((x) => (now.percent ? `${Math.round(100 * x)} %` : short(now.lang, x))) },
    ],
    hooks: {
      draw: [(u) => drawMarks(u, c())],
      setCursor: [(u) => on.point(u.cursor.idx == null ? "" : isoAt(u.data[0][u.cursor.idx]))],
      ready: [(u) => u.over.addEventListener("click", () => { if (u.cursor.idx != null) on.pick(isoAt(u.data[0][u.cursor.idx])); })],
    },
  };
}
