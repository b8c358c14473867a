/* The engine of the page: members dealt over workers, base and other in pairs with the same luck,
 * answers as they tighten. A scenario that did not change keeps its members, so that a moved lever
 * costs one scenario only. The server, where there is one, takes what is too large. */
import type { Answer, Corridor, Diagnostic, Engine, RunRequest, Running, Scenario, Series, SourceFile } from "../contract";
import { emptyBand, putBand } from "./bands";
import type { Plan, Slot } from "./module";
import type { Ask, Told } from "./worker";

const smallest = 4;          // members of a piece: fewer would mostly pay for the days themselves
const largest = 2000;        // members that a browser runs by itself
const keptScenarios = 6;

interface Scales { lever: number[]; observable: number[] }
interface Loaded { corridor: Corridor; scales: Scales; workers: Worker[] }
interface Kept { members: (Float64Array | undefined)[]; layout: Slot[] }
interface Piece { key: string; plan: Plan; first: number; n: number }

const day = (iso: string) => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86400000);
const iso = (d: number) => new Date(d * 86400000).toISOString().slice(0, 10);

async function bytes(path: string): Promise<ArrayBuffer> {
  const reply = await fetch(path);
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`);
  return reply.arrayBuffer();
}

function openWorker(parts: ArrayBuffer[]): Promise<Worker> {
  const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const [wasm, program, state] = parts;
  return new Promise((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Told>) => {
      if (event.data.kind === "ready") resolve(worker);
      else if (event.data.kind === "failed") reject(new Error(event.data.message));
    };
    worker.onerror = (event) => reject(new Error(event.message || "the worker did not start"));
    worker.postMessage({ kind: "open", wasm, program, state } satisfies Ask);
  });
}

async function load(): Promise<Loaded> {
  const [corridor, ...parts] = await Promise.all([
    bytes("data/corridor.json"), bytes("data/paso.wasm"), bytes("data/program.bin"), bytes("data/state.bin"),
  ]);
  const c = JSON.parse(new TextDecoder().decode(corridor));
  const scale = (x: { scale: number }) => x.scale;
  const n = Math.max(1, Math.min(4, navigator.hardwareConcurrency || 2));
  const workers = await Promise.all(Array.from({ length: n }, () => openWorker(parts)));
  return { corridor: c, scales: { lever: c.levers.map(scale), observable: c.observables.map(scale) }, workers };
}

function planOf({ corridor: c, scales }: Loaded, s: Scenario, until: string): Plan {
  const policy = c.policies.findIndex((p) => p.name === s.policy);
  if (policy < 0 && c.policies.length) throw new Error(`no policy ${s.policy}`);
  const steps = s.changes.map((change) => {
    const lever = c.levers.findIndex((l) => l.name === change.lever);
    const cell = lever < 0 ? -1 : c.levers[lever].cells.findIndex((x) => x.cell === change.cell);
    if (cell < 0) throw new Error(`no lever ${change.lever} ${change.cell}`);
    return { lever, cell, day: day(change.from), value: change.value * scales.lever[lever] };
  });
  return { policy: Math.max(0, policy), steps, from: day(c.from), until: day(until), knownUntil: day(c.clock.now) };
}

/* Numbers of the first `n` members of both scenarios as bands, in the corridor's units. */
function seriesOf(l: Loaded, base: Kept, other: Kept, n: number): Map<string, Series> {
  const all = new Map<string, Series>();
  const a = new Float64Array(n), b = new Float64Array(n), d = new Float64Array(n);
  l.corridor.observables.forEach((o, index) => {
    const slot = base.layout[index], periods = slot.days.length, factor = l.scales.observable[index];
    o.cells.forEach((cell, c) => {
      const s: Series = {
        observable: o.name, cell: cell.cell, dates: slot.days.map(iso),
        base: emptyBand(periods), other: emptyBand(periods), difference: emptyBand(periods),
      };
      for (let k = 0; k < periods; k++) {
        const at = slot.at + c * periods + k;
        for (let m = 0; m < n; m++) {
          a[m] = base.members[m]![at] / factor;
          b[m] = other.members[m]![at] / factor;
          d[m] = b[m] - a[m];
        }
        putBand(s.base, k, a);
        putBand(s.other, k, b);
        putBand(s.difference, k, d);
      }
      all.set(`${o.name}/${cell.cell}`, s);
    });
  });
  return all;
}

const kept = new Map<string, Kept>();

function keep(key: string): Kept {
  const found = kept.get(key) ?? { members: [], layout: [] };
  kept.delete(key);
  kept.set(key, found);
  for (const old of kept.keys()) {
    if (kept.size <= keptScenarios) break;
    kept.delete(old);
  }
  return found;
}

/* Pieces still to run, pairs first: base and other of the same members follow each other. */
function piecesOf(plans: [string, Plan][], members: number, batch: number): Piece[] {
  const pieces: Piece[] = [];
  for (let first = 0; first < members; first += batch) {
    const n = Math.min(batch, members - first);
    for (const [key, plan] of plans) {
      const have = kept.get(key)?.members ?? [];
      if (have.length < first + n || have.slice(first, first + n).includes(undefined)) pieces.push({ key, plan, first, n });
    }
  }
  return pieces.filter((p, i) => pieces.findIndex((q) => q.key === p.key && q.first === p.first) === i);
}

function runPiece(worker: Worker, id: number, p: Piece, seed: string, observables: number): Promise<Told> {
  return new Promise((resolve) => {
    worker.onmessage = (event: MessageEvent<Told>) => resolve(event.data);
    worker.onerror = (event) => resolve({ kind: "failed", id, message: event.message });
    worker.postMessage({ kind: "run", id, plan: p.plan, seed, first: p.first, n: p.n, observables } satisfies Ask);
  });
}

function store(into: Kept, first: number, n: number, told: Told): void {
  if (told.kind !== "ran") return;
  const width = told.values.length / n;
  into.layout = told.layout;
  for (let m = 0; m < n; m++) into.members[first + m] = told.values.subarray(m * width, (m + 1) * width);
}

function pairsDone(a: Kept, b: Kept, members: number): number {
  let n = 0;
  while (n < members && a.members[n] && b.members[n]) n++;
  return n;
}

let turn = 0;                               // of the run that may use the workers
let quiet: Promise<unknown> = Promise.resolve();

async function runAll(l: Loaded, r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
  const plans = ([r.base, r.other] as const).map((s): [string, Plan] => {
    const plan = planOf(l, s, r.until);
    return [`${r.seed} ${JSON.stringify(plan)}`, plan];
  });
  const [base, other] = plans.map(([key]) => keep(key));
  // One round of all workers brings the first answer where only one scenario is new.
  const batch = Math.max(smallest, Math.ceil(r.first / l.workers.length));
  const pieces = piecesOf(plans, r.members, batch);
  let told = 0, sent = 0;
  const tell = () => {
    const n = pairsDone(base, other, r.members), done = n === r.members;
    if (mine !== turn || n === sent || !(done || n >= Math.max(r.first, 2 * told))) return;
    told = sent = n;
    on({ members: n, asked: r.members, done, where: "browser", series: seriesOf(l, base, other, n) });
  };
  tell();
  await Promise.all(l.workers.map(async (worker) => {
    for (let p = pieces.shift(); p && mine === turn; p = pieces.shift()) {
      const reply = await runPiece(worker, mine, p, r.seed, l.corridor.observables.length);
      if (reply.kind === "failed") throw new Error(reply.message);
      store(p.key === plans[0][0] ? base : other, p.first, p.n, reply);
      tell();
    }
  }));
}

export function createEngine(): Engine {
  let loading: Promise<Loaded> | undefined;
  const loaded = () => (loading ??= load());
  const noServer = () => Promise.reject(new Error("this page has no server"));

  function run(r: RunRequest, on: (a: Answer) => void, failed: (message: string) => void): Running {
    const mine = ++turn;
    const before = quiet;
    quiet = (async () => {
      try {
        if (r.members > largest) throw new Error(`more than ${largest} members need a server`);
        const l = await loaded();
        await before;
        if (mine === turn) await runAll(l, r, mine, on);
      } catch (error) {
        if (mine === turn) failed(error instanceof Error ? error.message : String(error));
      }
    })();
    return { cancel: () => { if (mine === turn) turn++; } };
  }

  return {
    corridor: async () => (await loaded()).corridor,
    run,
    maxMembers: async () => ({ browser: largest, server: 0 }),
    server: async () => null,
    text: (): Promise<SourceFile[]> => noServer(),
    check: (): Promise<Diagnostic[]> => noServer(),
    apply: (): Promise<Diagnostic[]> => noServer(),
    save: () => noServer(),
    download: () => noServer(),
    manifest: () => noServer(),
  };
}
