/* What an answer puts on the map: circles where people are, wedges where they go. */
import type { Answer, Corridor, Observable, Place, Series } from "../contract";
import { periodAt } from "./date";
import { at, drawnAt, placeKey, wedge, type Arc, type Frame, type Named, type Side, type Spot } from "./map";

const seriesOf = (a: Answer, o: Observable, cell: string): Series | undefined => a.series.get(`${o.name}/${cell}`);
const find = (c: Corridor, key: string): Place | undefined => c.places.find((p) => placeKey(p) === key);

/** Over all dates, so that circles grow and shrink on one scale. */
export function largest(c: Corridor, a: Answer, circles: Observable | undefined, flows: Observable[], side: Side): { spot: number; arc: number } {
  const most = (s: Series | undefined) => (s ? s[side].q50.reduce((m, x) => (Number.isFinite(x) ? Math.max(m, Math.abs(x)) : m), 0) : 0);
  const spot = circles ? Math.max(0, ...circles.cells.filter((x) => x.place).map((x) => most(seriesOf(a, circles, x.cell)))) : 0;
  const arc = Math.max(0, ...c.flows.filter((f) => flows.some((o) => o.name === f.observable)).map((f) => most(a.series.get(`${f.observable}/${f.cell}`))));
  return { spot: spot || 1, arc: arc || 1 };
}

export function spotsOf(c: Corridor, a: Answer, o: Observable | undefined, side: Side, date: string, frame: Frame): Spot[] {
  return (o?.cells ?? []).flatMap((cell) => {
    const place = cell.place ? find(c, cell.place) : undefined, where = place && drawnAt(frame, place);
    const s = o && seriesOf(a, o, cell.cell);
    return place && where && s ? [{ place, ...where, ...at(s[side], periodAt(s.dates, date)) }] : [];
  });
}

export function arcsOf(c: Corridor, a: Answer, flows: Observable[], side: Side, date: string, frame: Frame, scale: number): Arc[] {
  const arcs = c.flows.filter((f) => flows.some((o) => o.name === f.observable)).flatMap((flow): Arc[] => {
    const from = find(c, flow.from), to = find(c, flow.to), s = a.series.get(`${flow.observable}/${flow.cell}`);
    const start = from && drawnAt(frame, from), end = to && drawnAt(frame, to);
    if (!from || !to || !s || !start || !end) return [];
    const band = at(s[side], periodAt(s.dates, date)), width = Math.abs(band.value) * scale;
    return [{ flow, from, to, ...band, path: width > 0.15 ? wedge([start.x, start.y], [end.x, end.y], width, frame) : "" }];
  });
  return arcs.sort((x, y) => Math.abs(y.value) - Math.abs(x.value));
}

/** Ends of flows that have no circle, the busiest first. */
export function endsOf(arcs: Arc[], spots: Spot[], frame: Frame, name: (p: Place) => string): Named[] {
  const seen = new Set(spots.map((s) => placeKey(s.place)));
  return arcs.filter((a) => a.path).flatMap((a) => [a.from, a.to]).flatMap((place): Named[] => {
    const where = seen.has(placeKey(place)) ? undefined : drawnAt(frame, place);
    seen.add(placeKey(place));
    return where ? [{ ...where, r: 2.5, text: name(place) }] : [];
  });
}
