/* The engine of the page: members dealt over workers, base and other in pairs with the same luck,
 * answers as they tighten. A scenario that did not change keeps its members, so that a moved lever
 * costs one scenario only. The server, where there is one, takes what is too large. */
import type { Answer, Corridor, Engine, Format, RunRequest, Running, Series, SourceFile } from "../contract";
import { dataFormat } from "../contract";
import { LazySeries, seriesOf } from "./bands";
import { Hand } from "./crew";
import { Crew, day, piecesOf, planOf, sidesOf, type Piece } from "./deal";
import { Members, mostMembers, pairsDone, valuesOf, widthOf, type Kept } from "./members";
import { isoDay, mixed, type Plan } from "./module";
import { Connection } from "./server";
import { manifest, mediaType, table, type Run, type Side } from "./table";

const noQuantiles = "the server keeps no members' numbers, which the hub's quantiles need: run fewer members, or paso export";

interface Loaded { corridor: Corridor; crew: Crew; most: number }

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

/** When the page has drawn what it was told; one that nobody sees draws nothing. */
function isShown(): Promise<void> | undefined {
  if (document.visibilityState !== "visible") return undefined;
  return new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, 100);
  });
}

/** For the corridor that is shown: its labels stand beside the numbers. */
async function load(shown: Promise<Corridor>): Promise<Loaded> {
  const [corridor, ...parts] = await Promise.all([shown, bytes("data/paso.wasm"), bytes("data/program.bin"), bytes("data/state.bin")]);
  if (!isOf(corridor, parts[1])) throw new Error(mixed("program.bin"));
  const n = Math.max(1, Math.min(4, navigator.hardwareConcurrency || 2));
  const make = () => new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  const hands = Array.from({ length: n }, () => new Hand(parts, make));
  const plan = planOf(corridor, { policy: corridor.policies[0]?.name ?? "", changes: [] }, corridor.until);
  const told = await Promise.all(hands.map((h) => h.tell({ kind: "layout", plan, observables: corridor.observables.length })));
  const width = told[0].kind === "layout" ? widthOf(told[0].layout) : 1;
  return { corridor, crew: new Crew(hands, corridor.observables.length), most: mostMembers(width) };
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
    for (let cell = o.total ? -1 : 0; cell < o.cells.length; cell++) {
      const key = `${o.name}/${cell < 0 ? "" : o.cells[cell].cell}`;
      makers.set(key, () => seriesOf(o, cell, base.layout[index].days.map(isoDay), n, valuesOf(c, base, index), valuesOf(c, other, index)));
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
  let running = 0;                            // runs that somebody waits for, and those that still end
  let awaited = 0;                            // the turn of a run that ended for one which has yet to come
  let quiet: Promise<unknown> = Promise.resolve();
  let stopServer: () => void = () => undefined;
  let wished: RunRequest[] = [];              // to run ahead while nothing else does
  let soon = false;                           // the first of them before the rest of a run

  const loaded = () => (loading ??= load(corridor()).catch((error) => { loading = undefined; throw error; }));
  const connection = () => (finding ??= Connection.find());
  const corridor = () => (shown ??= readCorridor()
    .catch((error) => { shown = undefined; throw error; }));

  async function withServer(): Promise<Connection> {
    const c = await connection();
    if (!c) throw new Error("This page has no server: paso serve shows it with one.");
    return c;
  }

  /** Runs what is missing; `told` after every piece; false when another run took the workers. */
  async function fill(l: Loaded, r: RunRequest, mine: number, told: (base: Kept, other: Kept) => unknown): Promise<boolean> {
    const sides = sidesOf(l.corridor, r), [base, other] = sides.map(([key]) => members.of(key));
    const all = piecesOf(new Map([[base, sides[0][1]], [other, sides[1][1]]]), r, l.crew.hands.length);
    const pieces = [...all.filter((p) => p.hand >= 0), ...(soon ? guessed(l, wished.slice(0, 1)) : []), ...all.filter((p) => p.hand < 0)];
    members.trim();
    l.crew.stop(all);
    await told(base, other);
    await l.crew.deal(pieces, () => mine === turn, () => told(base, other)).finally(() => members.trim());
    return mine === turn;
  }

  /** The pieces of a first answer; none where the request itself is wrong, which is told when it is made. */
  function guessOf(l: Loaded, r: RunRequest): Piece[] {
    try {
      const sides = sidesOf(l.corridor, r).map(([key, plan]): [Kept, Plan] => [members.guess(key), plan]);
      return piecesOf(new Map(sides), { ...r, members: r.first }, l.crew.hands.length).map((p) => ({ ...p, guess: true }));
    } catch {
      return [];
    }
  }

  /** The first answers of what may be asked for next; other guesses are dropped. */
  function guessed(l: Loaded, requests: RunRequest[]): Piece[] {
    const pieces = requests.filter((r) => r.members <= mostOf(l, r)).flatMap((r) => guessOf(l, r));
    if (pieces.length) members.forget(new Set(pieces.map((p) => p.into)));
    return pieces;
  }

  /** Unseen, as what breaks of it. */
  async function goAhead(): Promise<void> {
    if (running || awaited || !loading) return;
    const mine = ++turn, l = await loading;
    if (mine !== turn) return;
    const pieces = guessed(l, wished);
    l.crew.stop(pieces);
    await l.crew.deal(pieces, () => mine === turn, () => undefined);
  }

  async function runHere(l: Loaded, r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    let told = 0;
    await fill(l, r, mine, (base, other) => {
      const n = pairsDone(base, other, r.members), done = n === r.members;
      if (mine !== turn || n === told || !(done || n >= Math.max(r.first, 2 * told))) return;
      told = n;
      on({ members: n, asked: r.members, done, where: "browser", series: seriesOfPairs(l.corridor, base, other, n) });
      return isShown();
    });
  }

  async function runThere(c: Connection, r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    const cancelled = new Promise<void>((resolve) => (stopServer = resolve));
    await c.run(r, (a) => { if (mine === turn) on(a); }, cancelled);
  }

  async function runAnywhere(r: RunRequest, mine: number, on: (a: Answer) => void): Promise<void> {
    if (!(r.members >= 1)) throw new Error("a run needs at least one member");
    const l = await loaded();
    if (mine !== turn) return;
    const here = mostOf(l, r);
    if (r.members <= here) return runHere(l, r, mine, on);
    l.crew.stop();
    const c = await connection(), most = c?.server.maxMembers ?? 0;
    if (mine !== turn) return;
    if (!c) throw new Error(`At most ${here} members run in the browser. More of them: paso serve, or paso compare on the command line.`);
    if (r.members > most) throw new Error(`At most ${most} members of one run. More of them: paso compare on the command line.`);
    return runThere(c, { ...r, hash: l.corridor.hash }, mine, on);
  }

  /** Takes the turn: what runs ends, but for pieces that are wanted here as well. */
  function takeTurn<T>(work: (mine: number) => Promise<T>): { mine: number; end: Promise<T> } {
    const mine = ++turn;
    awaited = 0;
    stopServer();
    running++;
    const end = work(mine);
    quiet = Promise.allSettled([quiet, end]).then(() => {
      running--;
      goAhead().catch(() => undefined);
    });
    return { mine, end };
  }

  /** Nothing more is begun; what is under way goes on, for the next run knows what it wants of it. */
  function giveWay(mine: number): void {
    turn++;
    awaited = mine;
    stopServer();
  }

  function stopAll(): void {
    turn++;
    awaited = 0;
    wished = [];
    soon = false;
    stopServer();
    loading?.then((l) => l.crew.stop(), () => undefined);
  }

  function run(r: RunRequest, on: (a: Answer) => void, failed: (message: string) => void): Running {
    const { mine, end } = takeTurn((me) => runAnywhere(r, me, on));
    end.catch((error) => { if (mine === turn) failed(sentence(error)); });
    return {
      cancel: (followed) => {
        if (mine !== turn && mine !== awaited) return;
        if (followed) giveWay(mine);
        else stopAll();
      },
    };
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
    ahead: (requests, first) => {
      wished = requests;
      soon = first;
      goAhead().catch(() => undefined);
    },
    maxMembers: async () => ({ browser: (await loaded()).most, server: (await connection())?.server.maxMembers ?? 0 }),
    server: async () => (await connection())?.server ?? null,
    text: async (): Promise<SourceFile[]> => (await withServer()).text(),
    check: async (files) => (await withServer()).check(files),
    apply: async (files) => {
      const { changed, diagnostics } = await (await withServer()).apply(files);
      if (changed) {
        stopAll();
        loading?.then((l) => quiet.then(() => l.crew.end()), () => undefined);
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
