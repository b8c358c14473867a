/* Where things are drawn on the map, and what can be drawn there. */
import { geoEqualEarth, geoMercator, geoPath, type GeoProjection } from "d3-geo";
import type { MultiPoint } from "geojson";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import type { Band, Corridor, Flow, Observable, Place } from "../contract";

export const placeKey = (p: Place) => `${p.set}=${p.member}`;
export type Side = "other" | "base" | "difference";
export interface Spot { place: Place; x: number; y: number; low: number; value: number; high: number }
export interface Arc { flow: Flow; from: Place; to: Place; path: string; low: number; value: number; high: number }

const moves = (c: Corridor, o: Observable) => c.flows.some((f) => f.observable === o.name);
const usable = (o: Observable) => o.take !== "any" && o.take !== "first";

/** What is at places; where a corridor counts only moves, these as well. */
export function placed(c: Corridor): Observable[] {
  const all = c.observables.filter((o) => usable(o) && o.cells.some((x) => x.place));
  const stocks = all.filter((o) => !moves(c, o));
  const rank = (o: Observable) => (o.take === "sum" ? 2 : 0) + (o.headline ? 0 : 1);
  return (stocks.length ? stocks : all).sort((a, b) => rank(a) - rank(b));
}
export const flowing = (c: Corridor): Observable[] => c.observables.filter((o) => usable(o) && moves(c, o));

/** Without the places where people only set out: those moves come in from the edge. */
export function extentOf(places: Place[], near: boolean): Place[] {
  const inner = places.filter((p) => p.role !== "origin");
  return near && inner.length > 1 ? inner : places;
}

/** Far origins would make the rest a dot: then the map begins near. */
export function isWide(places: Place[]): boolean {
  const wide = 100, lons = places.map((p) => p.lon);
  return Math.max(...lons) - Math.min(...lons) > wide && extentOf(places, true).length < places.length;
}

export function projectionOf(places: Place[], width: number, height: number): GeoProjection {
  const lons = places.map((p) => p.lon), lats = places.map((p) => p.lat);
  const [west, east, south, north] = [Math.min(...lons), Math.max(...lons), Math.min(...lats), Math.max(...lats)];
  const least = 3, points: MultiPoint = { type: "MultiPoint", coordinates: places.map((p) => [p.lon, p.lat]) };
  const [x, y] = [(west + east) / 2, (south + north) / 2];
  if (east - west < least) points.coordinates.push([x - least / 2, y], [x + least / 2, y]);
  if (north - south < least) points.coordinates.push([x, y - least / 2], [x, y + least / 2]);
  const projection = (north - south > 70 ? geoEqualEarth() : geoMercator()).rotate([-x, 0]);
  const pad = Math.min(width, height) * 0.09;
  return projection.fitExtent([[pad * 1.3, pad], [width - pad * 1.3, height - pad]], points).clipExtent([[-2, -2], [width + 2, height + 2]]);
}

export function outlines(world: Topology, projection: GeoProjection): { land: string; borders: string } {
  const countries = world.objects.countries as GeometryCollection, write = geoPath(projection).digits(1);
  return {
    land: write(feature(world, world.objects.land)) ?? "",
    borders: write(mesh(world, countries, (a, b) => a !== b)) ?? "",
  };
}

/** A band where it is looked at; NaN becomes nothing. */
export function at(band: Band, k: number): { low: number; value: number; high: number } {
  const number = (x: number) => (Number.isFinite(x) ? x : 0);
  return { low: number(band.q05[k]), value: number(band.q50[k]), high: number(band.q95[k]) };
}

/** A move as a wedge that widens to where it goes, bent to one side so that returns are apart. */
export function wedge(from: [number, number], to: [number, number], width: number): string {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]], length = Math.hypot(dx, dy) || 1;
  const bend = Math.min(0.22 * length, 90);
  const middle = [(from[0] + to[0]) / 2 + (dy / length) * bend, (from[1] + to[1]) / 2 - (dx / length) * bend];
  const [ex, ey] = [to[0] - middle[0], to[1] - middle[1]], end = Math.hypot(ex, ey) || 1;
  const [nx, ny] = [(-ey / end) * (width / 2), (ex / end) * (width / 2)];
  const p = (x: number, y: number) => `${x.toFixed(1)},${y.toFixed(1)}`;
  return `M${p(...from)}Q${p(middle[0] + nx / 2, middle[1] + ny / 2)} ${p(to[0] + nx, to[1] + ny)}L${p(to[0] - nx, to[1] - ny)}Q${p(middle[0] - nx / 2, middle[1] - ny / 2)} ${p(...from)}Z`;
}

export interface Label { x: number; y: number; text: string; anchor: "start" | "middle" | "end" }
type Box = [number, number, number, number];

/** Names of the places that have room for one, the largest first: right, left, above or below. */
export function labels(spots: { x: number; y: number; r: number; text: string }[], width: number): Label[] {
  const taken: Box[] = spots.map((s) => [s.x - s.r, s.y - s.r, s.x + s.r, s.y + s.r]), out: Label[] = [];
  const free = (b: Box, own: number) =>
    b[0] > 0 && b[2] < width && b[1] > 0 && taken.every((t, i) => i === own || b[2] < t[0] || b[0] > t[2] || b[3] < t[1] || b[1] > t[3]);
  spots.forEach((s, i) => {
    const wide = s.text.length * 6.6 + 4, gap = s.r + 4;
    const tries: Label[] = [
      { x: s.x + gap, y: s.y + 4, text: s.text, anchor: "start" }, { x: s.x - gap, y: s.y + 4, text: s.text, anchor: "end" },
      { x: s.x, y: s.y - gap - 2, text: s.text, anchor: "middle" }, { x: s.x, y: s.y + gap + 10, text: s.text, anchor: "middle" },
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
