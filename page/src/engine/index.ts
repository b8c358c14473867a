/* The engine of the page: members dealt over workers, base and other in pairs with the same luck,
 * answers as they tighten. A scenario that did not change keeps its members, so that a moved lever
 * costs one scenario only. The server, where there is one, takes what is too large. */
import type { Answer, Corridor, Engine, Format, RunRequest, Running, Scenario, Series, SourceFile } from "../contract";
import { dataFormat } from "../contract";
import { LazySeries, seriesOf } from "./bands";
import { Hand } from "./crew";
import { Members, mostMembers, pairsDone, valuesOf, widthOf, type Kept } from "./members";
import { isoDay, mixed, type Plan } from "./module";
import { Connection } from "./server";
import { manifest, mediaType, table, type Run, type Side } from "./table";

const smallest = 4;          // members of a piece: fewer would mostly pay for the days themselves
const noQuantiles = "the server keeps no members' numbers, which the hub's quantiles need: run fewer members, or paso export";
const keepBytes = 100 * 2 ** 20; // of a worker, for the members of the first answer
const piece = 32;            // and once the first answer is out, as many as run fastest side by side

interface Loaded { corridor: Corridor; hands: Hand[]; most: number }
/** hand: the number of the worker that keeps these members ready for the next move; -1: any. */
interface Piece { key: string; plan: Plan; first: number; n: number; hand: number }

const day = (iso: string) => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86400000);
const sentence = (error: unknown) => (error instanceof Error ? error.message : String(error));

/* What a browser kept of an older page is asked for anew. */
async function bytes(path: string): Promise<ArrayBuffer> {
  const reply = await fetch(path, { cache: "no-cache" }).catch(() => undefined);
  if (!reply?.ok) throw new Error(`${path} could not be read (${reply ? reply.status : "no connection"})`);
  return reply.arrayBuffer();
}

async function readCorridor(): Promise<Corridor> {
  const path = "data/corridor.json", text = new TextDecoder().decode(await bytes(path));
  let c: Corridor;
  try { c = JSON.parse(text) as Corridor; } catch { throw new Error(`${path} could not be read (no JSON)`); }
  if (c.format !== dataFormat) throw new Error(mixed("corridor.json"));
  return c;
}

/* A program says behind its magic of which corridor it is. */
const isOf = (c: Corridor, program: ArrayBuffer) => program.byteLength >= 72 && new TextDecoder().decode(program.slice(8, 72)) === c.hash;

function planOf(c: Corridor, s: Scenario, until: string): Plan {
  const policy = c.policies.findIndex((p) => p.name === s.policy);
  if (policy < 0 && c.policies.length) throw new Error(`no policy ${s.policy}`);
  const steps = s.changes.map((change) => {
    const lever = c.levers.findIndex((l) => l.name === change.lever);
    const cell = lever < 0 ? -1 : c.levers[lever].cells.findIndex((x) => x.cell === change.cell);
    if (cell < 0) throw new Error(`no lever ${change.lever} ${change.cell}`);
    return { lever, cell, day: day(change.from), value: change.value * c.levers[lever].scale };
  });
  return { policy: Math.max(0, policy), steps, from: day(c.from), until: day(until), knownUntil: day(c.clock.now) };
}

async function load(): Promise<Loaded> {
  const [corridor, ...parts] = await Promise.all([
    readCorridor(), bytes("data/paso.wasm"), bytes("data/program.bin"), bytes("data/state.bin"),
  ]);
  if (!isOf(corridor, parts[1])) throw new Error(mixed("program.bin"));
  const n = Math.max(1, Math.min(4, navigator.hardwareConcurrency || 2));
  const make = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const hands = Array.from({ length: n }, () => new Hand(parts, make));
  const plan = planOf(corridor, { policy: corridor.policies[0]?.name ?? "", changes: [] }, corridor.until);
  const told = await Promise.all(hands.map((h) => h.tell({ kind: "layout", plan, observables: corridor.observables.length })));
  const width = told[0].kind === "layout" ? widthOf(told[0].layout) : 1;
  return { corridor, hands, most: mostMembers(width) };
}

/** Fewer than usual where a run goes on for longer. */
function mostOf(l: Loaded, r: RunRequest): number {
  const usual = day(l.corridor.until) - day(l.corridor.from), asked = day(r.until) - day(l.corridor.from);
  return asked <= usual ? l.most : Math.max(r.first, Math.floor((l.most * usual) / asked));
}

/* Bands of the first `n` pairs, each when it is asked for. */
function seriesOfPairs(c: Corridor, base: Kept, other: Kept, n: number): Map<string, Series> {
  const makers = new Map<string, () => Series>();
  c.observables.forEach((o, index) => {
    const dates = base.layout[index].days.map(isoDay);
    for (let cell = o.total ? -1 : 0; cell < o.cells.length; cell++) {
      const key = `${o.name}/${cell < 0 ? "" : o.cells[cell].cell}`;
      makers.set(key, () => seriesOf(o, cell, dates, n, valuesOf(c, base, index), valuesOf(c, other, index)));
    }
  });
  return new LazySeries(makers);
}

export function createEngine(): Engine {
  const members = new Members();
  let loading: Promise<Loaded> | undefined;
  let finding: Promise<Connection | null> | undefined;
  let shown: Promise<Corridor> | undefined;
  let turn = 0;                               // of the run that may use the workers
  let quiet: Promise<unknown> = Promise.resolve();
  let stopNow: () => void = () => undefined;  // of the present run

  const loaded = () => (loading ??= load().catch((error) => { loading = undefined; throw error; }));
  const connection = () => (finding ??= Connection.find());
  const corridor = () => (shown ??= readCorridor()
    .catch((error) => { shown = undefined; throw error; }));

  async function withServer(): Promise<Connection> {
    const c = await connection();
    if (!c) throw new Error("This page has no server: paso serve shows it with one.");
    return c;
  }

  /* Pieces still to run, pairs first: base and other of the same members follow each other. One round
   * of all workers brings the first answer where only one scenario is new. */
  function piecesOf(plans: Map<string, Plan>, r: RunRequest, workers: number): Piece[] {
    const pieces: Piece[] = [], small = Math.max(smallest, Math.ceil(r.first / workers));
    for (let first = 0, n; first < r.members; first += n) {
      const hand = first < r.first ? Math.floor(first / small) % workers : -1;
      n = Math.min(hand < 0 ? piece : small, r.members - first);
      for (const [key, plan] of plans) {
        let from = first, have = members.of(key).members;
        for (; from < first + n && have[from]; from++);
        if (from < first + n) pieces.push({ key, plan, first: from, n: first + n - from, hand });
      }
    }
    return pieces;
  }

  /** Runs what is missing; `told` after every piece; false when another run took the workers. */
  async function fill(l: Loaded, r: RunRequest, mine: number, told: (base: Kept, other: Kept) => void): Promise<boolean> {
    const keyed = [r.base, r.other].map((s): [string, Plan] => {
      const plan = planOf(l.corridor, s, r.until);
      return [`${r.seed} ${JSON.stringify(plan)}`, plan];
    });
    const [base, other] = keyed.map(([key]) => members.of(key));
    members.trim();
    const pieces = piecesOf(new Map(keyed), r, l.hands.length);
    told(base, other);
    let broken = false;
    const next = (number: number) => {
      const at = pieces.findIndex((p) => p.hand < 0 || p.hand === number);
      return at < 0 ? undefined : pieces.splice(at, 1)[0];
    };
    const work = async (hand: Hand, number: number) => {
      for (let p = next(number); p && mine === turn && !broken; p = next(number)) {
        const keep = p.hand < 0 ? 0 : keepBytes;
        const reply = await hand.tell({ kind: "run", plan: p.plan, seed: r.seed, first: p.first, n: p.n, keep, observables: l.corridor.observables.length });
        if (reply.kind !== "ran") return;
        members.store(p.key === keyed[0][0] ? base : other, p.first, p.n, reply.values, reply.layout);
        told(base, other);
      }
    };
    stopNow = () => l.hands.forEach((h) => h.stop());
    const ends = await Promise.allSettled(l.hands.map((h, number) => work(h, number).catch((error) => { broken = true; throw error; })));
    members.trim();
    for (const end of ends) if (end.status === "rejected") throw end.reason;
    return mine === turn;
  }

  async function runHere(l: Loaded, r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    let told = 0;
    await fill(l, r, mine, (base, other) => {
      const n = pairsDone(base, other, r.members), done = n === r.members;
      if (mine !== turn || n === told || !(done || n >= Math.max(r.first, 2 * told))) return;
      told = n;
      on({ members: n, asked: r.members, done, where: "browser", series: seriesOfPairs(l.corridor, base, other, n) });
    });
  }

  async function runThere(c: Connection, r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    const cancelled = new Promise<void>((resolve) => (stopNow = resolve));
    await c.run(r, (a) => { if (mine === turn) on(a); }, cancelled);
  }

  async function runAnywhere(r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    if (!(r.members >= 1)) throw new Error("a run needs at least one member");
    const l = await loaded();
    if (mine !== turn) return;
    const here = mostOf(l, r);
    if (r.members <= here) return runHere(l, r, mine, on);
    const c = await connection(), most = c?.server.maxMembers ?? 0;
    if (mine !== turn) return;
    if (!c) throw new Error(`At most ${here} members run in the browser. More of them: paso serve, or paso compare on the command line.`);
    if (r.members > most) throw new Error(`At most ${most} members of one run. More of them: paso compare on the command line.`);
    return runThere(c, { ...r, hash: l.corridor.hash }, mine, on);
  }

  /** Takes the turn: what runs is told to stop, and the workers are free when it has. */
  function takeTurn<T>(work: (mine: number) => Promise<T>): { mine: number; end: Promise<T> } {
    const mine = ++turn, before = quiet;
    stopNow();
    const end = before.then(() => work(mine));
    quiet = end.catch(() => undefined);
    return { mine, end };
  }

  function run(r: RunRequest, on: (a: Answer) => void, failed: (message: string) => void): Running {
    const { mine, end } = takeTurn(async (me) => { if (me === turn) await runAnywhere(r, me, on); });
    end.catch((error) => { if (mine === turn) failed(sentence(error)); });
    return { cancel: () => { if (mine === turn) { turn++; stopNow(); } } };
  }

  /* ---- downloads ---- */

  /** A changed scenario has a name of its own, so that no table mistakes it for the policy. */
  function sideNames(r: RunRequest): string[] {
    const names = [r.base, r.other].map((s) => (s.changes.length ? `${s.policy || "levers"}-changed` : s.policy || "levers"));
    if (names[0] === names[1] && JSON.stringify(r.base) !== JSON.stringify(r.other)) names[1] += "-2";
    return names[0] === names[1] ? [names[0]] : names;
  }

  async function runFor(r: RunRequest): Promise<Run> {
    const l = await loaded(), names = sideNames(r);
    if (r.members > mostOf(l, r)) return runForBands(l.corridor, r, names);
    const { end } = takeTurn(async (mine) => {
      let sides: [Kept, Kept] | undefined;
      const whole = await fill(l, r, mine, (base, other) => (sides = [base, other]));
      if (!whole || !sides) throw new Error("Another run began before the table was ready. Please ask again.");
      return sides;
    });
    const kept = await end, c = l.corridor;
    return {
      corridor: c, members: r.members, dates: kept[0].layout.map((slot) => slot.days.map(isoDay)),
      sides: names.map((name, i): Side => ({ name, values: (o) => valuesOf(c, kept[i], o) })),
    };
  }

  /** Of a run on the server there are bands only, which is all that most tables show. */
  async function runForBands(c: Corridor, r: RunRequest, names: string[]): Promise<Run> {
    let last: Answer | undefined;
    const { end } = takeTurn((mine) => runAnywhere(r, mine, (a) => (last = a)));
    await end;
    if (!last?.done) throw new Error("Another run began before the table was ready. Please ask again.");
    const series = last.series, none = () => { throw new Error("no members' numbers"); };
    return {
      corridor: c, members: last.members, dates: [], sides: names.map((name) => ({ name, values: none })),
      ready: (_, o, cell) => series.get(`${o.name}/${cell}`),
    };
  }

  async function textOf(format: Format, r: RunRequest): Promise<string> {
    if (format === "hubverse" && r.members > mostOf(await loaded(), r)) throw new Error(noQuantiles);
    return table(format, await runFor(r));
  }

  async function manifestOf(format: Format, file: string, r: RunRequest): Promise<string> {
    const names = sideNames(r), c = await corridor();
    const changes = Object.fromEntries(names.map((name, i) => [name, [r.base, r.other][i]]));
    const sides = names.map((name): Side => ({ name, values: () => () => NaN }));
    return manifest(format, file, { corridor: c, sides, members: r.members, dates: [] }, { until: r.until, seed: r.seed, timelines: changes });
  }

  return {
    corridor,
    run,
    maxMembers: async () => ({ browser: (await loaded()).most, server: (await connection())?.server.maxMembers ?? 0 }),
    server: async () => (await connection())?.server ?? null,
    text: async (): Promise<SourceFile[]> => (await withServer()).text(),
    check: async (files) => (await withServer()).check(files),
    apply: async (files) => {
      const { changed, diagnostics } = await (await withServer()).apply(files);
      if (changed) {
        turn++;
        stopNow();
        const old = loading;
        old?.then((l) => quiet.then(() => l.hands.forEach((h) => h.end())), () => undefined);
        loading = shown = undefined;
        members.clear();
      }
      return diagnostics;
    },
    save: async (files) => (await withServer()).save(files),
    download: async (format, r) => new Blob([await textOf(format, r)], { type: mediaType(format) }),
    manifest: async (format, file, r) => new Blob([await manifestOf(format, file, r)], { type: "application/json" }),
  };
}
