/* Where things are drawn on the map, and what can be drawn there. */
import { geoEqualEarth, geoMercator, geoPath, type GeoProjection } from "d3-geo";
import type { MultiPoint } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Band, Corridor, Flow, Observable, Place } from "../contract";

export const placeKey = (p: Place) => `${p.set}=${p.member}`;
export type Side = "other" | "base" | "difference";
export interface Spot { place: Place; x: number; y: number; away: boolean; low: number; value: number; high: number }
export interface Arc { flow: Flow; from: Place; to: Place; path: string; low: number; value: number; high: number }

const moves = (c: Corridor, o: Observable) => c.flows.some((f) => f.observable === o.name);
const usable = (o: Observable) => o.take !== "any" && o.take !== "first";

/* Bands of several cells at one place do not add up to a band of the place. */
const single = (o: Observable) => {
  const at = o.cells.flatMap((x) => (x.place ? [x.place] : []));
  return at.length > 0 && new Set(at).size === at.length;
};

/** What is at places; where a corridor counts only moves, these as well. */
export function placed(c: Corridor): Observable[] {
  const all = c.observables.filter((o) => usable(o) && single(o));
  const stocks = all.filter((o) => !moves(c, o));
  const rank = (o: Observable) => (o.take === "sum" ? 2 : 0) + (o.headline ? 0 : 1);
  return (stocks.length ? stocks : all).sort((a, b) => rank(a) - rank(b));
}
export const flowing = (c: Corridor): Observable[] => c.observables.filter((o) => usable(o) && moves(c, o));

/** The places that circles and flows use. Near: without those where people only set out, whose moves
 * then begin at the map's edge. */
export function extentOf(c: Corridor, circles: Observable | undefined, flows: Observable[], near: boolean): Place[] {
  const stands = new Set(circles?.cells.map((x) => x.place));
  const ends = new Set(c.flows.filter((f) => flows.some((o) => o.name === f.observable)).flatMap((f) => [f.from, f.to]));
  const all = c.places.filter((p) => stands.has(placeKey(p)) || ends.has(placeKey(p)));
  const inner = all.filter((p) => p.role !== "origin" || stands.has(placeKey(p)));
  return near && inner.length > 1 ? inner : all.length ? all : c.places;
}

export function projectionOf(places: Place[], width: number, height: number): GeoProjection {
  const lons = places.map((p) => p.lon), lats = places.map((p) => p.lat);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const least = 3, points: MultiPoint = { type: "MultiPoint", coordinates: places.map((p) => [p.lon, p.lat]) };
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  if (east - west < least) points.coordinates.push([x - least / 2, y], [x + least / 2, y]);
  if (north - south < least) points.coordinates.push([x, y - least / 2], [x, y + least / 2]);
  const projection = (north - south > 70 ? geoEqualEarth() : geoMercator()).rotate([-x, 0]);
  const pad = Math.max(36, Math.min(width, height) * 0.09);
  return projection.fitExtent([[pad * 1.3, pad], [width - pad * 1.3, height - pad]], points).clipExtent([[-2, -2], [width + 2, height + 2]]);
}

export function outlines(world: Topology, projection: GeoProjection): { land: string; borders: string } {
  const countries = world.objects.countries as GeometryCollection, write = geoPath(projection).digits(1);
  return {
    land: write(feature(world, world.objects.land)) ?? "",
    borders: write(mesh(world, countries, (a, b) => a !== b)) ?? "",
  };
}

export interface Frame { projection: GeoProjection; width: number; height: number }

/** Where a place is drawn: what lies outside at the edge, in the direction in which it lies. */
export function drawnAt(f: Frame, p: Place): { x: number; y: number; away: boolean } | undefined {
  const at = f.projection([p.lon, p.lat]), edge = 12;
  if (!at || !at.every(Number.isFinite)) return undefined;
  const [cx, cy] = [f.width / 2, f.height / 2], [dx, dy] = [at[0] - cx, at[1] - cy];
  const out = Math.max(Math.abs(dx) / (cx - edge), Math.abs(dy) / (cy - edge));
  return out <= 1 ? { x: at[0], y: at[1], away: false } : { x: cx + dx / out, y: cy + dy / out, away: true };
}

/** A band where it is looked at; NaN becomes nothing. */
export function at(band: Band, k: number): { low: number; value: number; high: number } {
  const number = (x: number) => (Number.isFinite(x) ? x : 0);
  return { low: number(band.q05[k]), value: number(band.q50[k]), high: number(band.q95[k]) };
}

type Point = [number, number];
/** A move as a wedge that widens to where it goes, bent to one side so that returns are apart. */
export function wedge(from: Point, to: Point, width: number, frame: { width: number; height: number }): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]], length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(0.22 * length, 90);
  const inside = (x: number, most: number) => Math.min(most, Math.max(0, x));
  const middle = [inside((from[0] + to[0]) / 2 + (dy / length) * bend, frame.width), inside((from[1] + to[1]) / 2 - (dx / length) * bend, frame.height)];
  const [ex, ey] = [to[0] - middle[0], to[1] - middle[1]], end = Math.hypot(ex, ey) || 1;
  const [nx, ny] = [(-ey / end) * (width / 2), (ex / end) * (width / 2)];
  const p = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${p(...from)}Q${p(middle[0] + nx / 2, middle[1] + ny / 2)} ${p(to[0] + nx, to[1] + ny)}L${p(to[0] - nx, to[1] - ny)}Q${p(middle[0] - nx / 2, middle[1] - ny / 2)} ${p(...from)}Z`;
}

export interface Label { x: number; y: number; text: string; anchor: "start" | "middle" | "end"; away: boolean }
export interface Named { x: number; y: number; r: number; text: string; away: boolean }
type Box = [number, number, number, number];

/** Names of the places that have room for one, the largest first: right, left, above or below, and at
 * last pushed inside. */
export function labels(spots: Named[], width: number, height: number): Label[] {
  const taken: Box[] = spots.map((s) => [s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r]), out: Label[] = [];
  const free = (b: Box, own: number) =>
    b[0] > 0 && b[2] < width && b[1] > 0 && b[3] < height && taken.every((t, i) => i === own || b[2] < t[0] || b[0] > t[2] || b[3] < t[1] || b[1] > t[3]);
  spots.forEach((s, i) => {
    const wide = s.text.length * 6.6 + 4, gap = s.r + 4, { text, away } = s, inside = Math.min(Math.max(s.x, wide / 2 + 1), width - wide / 2 - 1);
    const tries: Label[] = [
      { x: s.x + gap, y: s.y + 4, text, away, anchor: "start" }, { x: s.x - gap, y: s.y + 4, text, away, anchor: "end" },
      { x: s.x, y: s.y - gap - 2, text, away, anchor: "middle" }, { x: s.x, y: s.y + gap + 10, text, away, anchor: "middle" },
      { x: inside, y: s.y + gap + 10, text, away, anchor: "middle" }, { x: inside, y: s.y - gap - 2, text, away, anchor: "middle" },
    ];
    for (const label of tries) {
      const left = label.x - (label.anchor === "start" ? 0 : label.anchor === "end" ? wide : wide / 2);
      const box: Box = [left, label.y - 11, left + wide, label.y + 3];
      if (!free(box, i)) continue;
      taken.push(box);
      out.push(label);
      return;
    }
  });
  return out;
}

/** 1, 2 or 5 times a power of ten, at or below x. */
export function niceBelow(x: number): number {
  const power = 10 ** Math.floor(Math.log10(x) + 1e-9);
  return power * (x >= 5 * power ? 5 : x >= 2 * power ? 2 : 1);
}
