/* What the page and the engine agree on. Change it only by adding.
 * The data files behind it are described in docs/page.md. */

export interface Text { en: string; es: string }

/** A lever's cell set to a value from an ISO date on; cell "" for a lever without sets. */
export interface Change { lever: string; cell: string; from: string; value: number }
/** parts: politics that are switched on. */
export interface Scenario { policy: string; changes: Change[]; parts: string[] }
/** first: an answer is due as soon as this many pairs are done. */
export interface RunRequest {
  base: Scenario; other: Scenario; members: number; seed: string; until: string; first: number;
}

/** One value a date; the length is that of `dates`. */
export interface Band {
  q05: Float64Array; q25: Float64Array; q50: Float64Array; q75: Float64Array; q95: Float64Array;
  mean: Float64Array;
}
/** difference: of the pairs, other minus base. dates: first day of each period. */
export interface Series {
  observable: string; cell: string; dates: string[]; base: Band; other: Band; difference: Band;
}
/** series by `${observable}/${cell}`. */
export interface Answer {
  members: number; asked: number; done: boolean; where: "browser" | "server"; series: Map<string, Series>;
}
export interface Running { cancel(): void }

export interface Diagnostic {
  file: string; line: number; column: number; severity: "error" | "warning";
  id: string; path: string; message: string; hint: string;
}
export interface SourceFile { file: string; text: string }

export interface Engine {
  corridor(): Promise<Corridor>;
  run(r: RunRequest, on: (a: Answer) => void, failed: (message: string) => void): Running;
  /** null where the page is static. */
  server(): Promise<null | { edit: boolean }>;
  text(): Promise<SourceFile[]>;
  check(files: SourceFile[]): Promise<Diagnostic[]>;
  download(format: string, r: RunRequest): Promise<Blob>;
}

export interface Place { set: string; member: string; label: Text; lat: number; lon: number }
export interface LeverCell {
  cell: string; label: Text; value: number; min: number | null; max: number | null; step: number;
}
export interface Lever {
  name: string; label: Text; doc: Text; unit: string; layer: string; who: string; group: Text;
  tags: string[]; cells: LeverCell[];
}
/** changes are those of fixed value; formulas are counted only. */
export interface Policy { name: string; label: Text; doc: Text; changes: Change[] }
export interface Part { name: string; label: Text; on: boolean }
export interface Observed { date: string; cell: string; value: number }
export interface Observable {
  name: string; label: Text; doc: Text; unit: string; every: string; take: string; layer: string;
  tags: string[]; headline: boolean; human: boolean; good: "less" | "more" | null; over: string[];
  cells: { cell: string; label: Text; place: string }[]; observed: Observed[]; claims: string[];
}
export interface Flow { name: string; label: Text; from: string; to: string; observable: string }
export interface Mechanism { name: string; label: Text; doc: Text; layer: string; source: string }
export interface Assumption {
  name: string; label: Text; unit: string;
  cells: { cell: string; value: number; range: [number, number] | null }[];
  layer: string; source: string; doc: Text;
}
export interface Claim {
  name: string; label: Text; observable: string; cell: string; from: string; until: string; holds: boolean | null;
  said: Text; seen: Text; why: Text;   // what was said, what the record counts, why they differ; "" where not told
}
/** data/corridor.json: all the page shows. from, until: what it runs by default. */
export interface Corridor {
  name: string; hash: string; version: string; title: Text;
  clock: { start: string; now: string; facts: string; end: string };
  from: string; until: string;
  places: Place[]; levers: Lever[]; policies: Policy[]; parts: Part[]; observables: Observable[];
  flows: Flow[]; mechanisms: Mechanism[]; assumptions: Assumption[];
  sources: Record<string, { title: string; by: string }>;
  claims: Claim[];
}
