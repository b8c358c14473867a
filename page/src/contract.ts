/* What the page and the engine agree on. Change it only by adding.
 * The data files behind it are described in docs/page.md. */

export interface Text { en: string; es: string }

/** A lever's cell set to a value from an ISO date on; cell "" for a lever without sets. */
export interface Change { lever: string; cell: string; from: string; value: number }
export interface Scenario { policy: string; changes: Change[] }
/** first: an answer is due as soon as this many pairs are done. hash: of the corridor that is asked
 * about; a server that shows another one by now refuses. */
export interface RunRequest {
  base: Scenario; other: Scenario; members: number; seed: string; until: string; first: number; hash?: string;
}

/** One value a date; the length is that of `dates`. NaN: no number. Of an observable with take "any"
 * the mean is the chance and the quantiles are NaN; with take "first" there is one date: the mean is
 * the share of members that have one, the quantiles are days since 1970-01-01. */
export interface Band {
  q05: Float64Array; q25: Float64Array; q50: Float64Array; q75: Float64Array; q95: Float64Array;
  mean: Float64Array;
}
/** difference: of the pairs, other minus base. dates: first day of each period. */
export interface Series {
  observable: string; cell: string; dates: string[]; base: Band; other: Band; difference: Band;
}
/** series by `${observable}/${cell}`; the total of an observable that has one by `${observable}/`.
 * What is not asked for is not worked out: take single series, and walk over all only for a table. */
export interface Answer {
  members: number; asked: number; done: boolean; where: "browser" | "server"; series: Map<string, Series>;
}
/** followed: another run comes in a moment, which takes over what it wants of this one's work. */
export interface Running { cancel(followed?: boolean): void }

/** file: exactly as in text(), or the path of one that cannot be edited. */
export interface Diagnostic {
  file: string; line: number; column: number; severity: "error" | "warning";
  id: string; path: string; message: string; hint: string;
}
export interface SourceFile { file: string; text: string }

export type Format = "csv" | "json" | "hubverse" | "hxl";
/** maxMembers: of one run there. edit: the corridor's text can be changed. */
export interface Server { edit: boolean; maxMembers: number }

/** What is refused or breaks rejects, or goes to `failed`, with a sentence for people. */
export interface Engine {
  corridor(): Promise<Corridor>;
  /** A further run ends the one before. A server that goes away ends a run with `failed`; the page
   * goes on in the browser. */
  run(r: RunRequest, on: (a: Answer) => void, failed: (message: string) => void): Running;
  /** What may be asked for next, instead of what was named before: while no run goes on, the members
   * of its first answer are run in the browser. With `soon` those of the first request come right
   * after the first answer of a run under way, before its other members. Nothing is told of it. */
  ahead(requests: RunRequest[], soon: boolean): void;
  /** Most members of one run, here or on the server. */
  maxMembers(): Promise<{ browser: number; server: number }>;
  /** null where the page is static. */
  server(): Promise<null | Server>;
  text(): Promise<SourceFile[]>;
  check(files: SourceFile[]): Promise<Diagnostic[]>;
  /** Without errors the page goes on with these files, nothing is written: ask corridor() again. */
  apply(files: SourceFile[]): Promise<Diagnostic[]>;
  /** Writes the files where they came from. */
  save(files: SourceFile[]): Promise<{ saved: string[]; error?: string }>;
  /** The table of `paso export` for these members; runs those that are missing. */
  download(format: Format, r: RunRequest): Promise<Blob>;
  /** What made the table `file`, as `paso export` writes it beside. */
  manifest(format: Format, file: string, r: RunRequest): Promise<Blob>;
}

/** role: of the moves that flows draw: an origin sends, a goal receives, a stop both, a place neither. */
export interface Place {
  set: string; member: string; label: Text; lat: number; lon: number;
  role: "origin" | "stop" | "goal" | "place";
}
export interface LeverCell {
  cell: string; label: Text; value: number; min: number | null; max: number | null; step: number;
}
/** tags: names of mechanisms. scale: one of its unit in the engine's units. reaches: of a lever of
 * politics, the observables that hang on it, for each of the programs. */
export interface Lever {
  scale: number; source: string;
  name: string; label: Text; doc: Text; unit: string; layer: string; who: Text; group: Text;
  tags: string[]; cells: LeverCell[]; reaches?: string[][];
}
/** changes are those of fixed value; formulas names the levers that it sets by a formula. base: the
 * policy beneath, or "". */
export interface Policy {
  name: string; label: Text; doc: Text; base: string; changes: Change[]; formulas: string[];
  from?: string; until?: string;
}
export interface Observed { date: string; cell: string; value: number }
/** layer: the last that it could rest on; calm: the same while politics is off.
 * take: sum, mean, last, any, first. total: its cells add up. place of a cell: "set=member" or "";
 * without a path of flows that is where what it counts is. */
export interface Observable {
  scale: number; source: string; total: boolean;
  name: string; label: Text; doc: Text; unit: string; every: string; take: string; layer: string; calm: string;
  tags: string[]; headline: boolean; human: boolean; good: "less" | "more" | null; over: string[];
  cells: { cell: string; label: Text; place: string }[]; observed: Observed[]; claims: string[];
}
/** Moves from place to place ("set=member") that a cell of an observable counts. */
export interface Flow { name: string; label: Text; from: string; to: string; observable: string; cell: string }
/** number: 0 for one that only groups items. scenario: it rests on a guess. sources: keys. */
export interface Mechanism {
  name: string; label: Text; doc: Text; number: number; scenario: boolean; sources: string[];
}
export interface Assumption {
  name: string; label: Text; unit: string;
  cells: { cell: string; value: number; range: [number, number] | null }[];
  layer: string; source: string; doc: Text; tags: string[]; scale: number;
}
/** says: the published figure, in the observable's unit; total: from the start of its series. */
export interface Claim {
  name: string; label: Text; observable: string; cell: string; from: string; until: string;
  says: number; by: string; doc: Text; total: boolean; holds: boolean | null;
  who: Text;                           // by, in both languages
  said: Text; seen: Text; why: Text;   // what was said, what the record counts, why they differ; "" where not told
}
/** data/claims.json, of the corridor with this hash and in the order of its claims: what the record says over a claim's days
 * and what the model gives under a policy of its own choice, null where it was not run. */
export interface ClaimFound {
  observable: string; series: number | null; politics: boolean;
  model: { mean: number; q05: number; q50: number; q95: number } | null;
}
export interface Claims { hash: string; members: number; policy: Text | null; claims: ClaimFound[] }
/** Of data/corridor.json: one more whenever it changes, here and in src/page/page.h. */
export const dataFormat = 1;
/** data/corridor.json: all the page shows. from, until: what it runs by default. */
export interface Corridor {
  format: number; name: string; hash: string; version: string; git: string; title: Text;
  seed: number; stored: number;
  clock: { start: string; now: string; facts: string; end: string };
  from: string; until: string;
  places: Place[]; levers: Lever[]; policies: Policy[]; observables: Observable[];
  flows: Flow[]; mechanisms: Mechanism[]; assumptions: Assumption[];
  sources: Record<string, { title: string; by: Text; url: string }>;
  claims: Claim[];
  units: Record<string, Text>;
  /** Of each policy (of a corridor without any, of ""): its program, and the observables that rest on
   * politics under it. */
  politics: Record<string, { program: number; rests: string[] }>;
}
