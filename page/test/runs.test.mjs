// What the engine has its workers do, with workers that only say what they are told and files made here.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const here = new URL("..", import.meta.url).pathname;
const file = join(mkdtempSync(join(tmpdir(), "paso-page-")), "runs.mjs");
await build({ entryPoints: [join(here, "src/engine/index.ts")], bundle: true, format: "esm", platform: "node", outfile: file, logLevel: "error" });
const { createEngine } = await import(file);

/* One lever, one observable of one value; the hash is a letter sixty-four times. */
const corridorOf = (letter) => ({
  format: 1, hash: letter.repeat(64), from: "2024-01-01", until: "2024-07-01", clock: { now: "2024-01-01" },
  policies: [{ name: "plain" }], levers: [{ name: "slots", scale: 1, cells: [{ cell: "" }] }],
  observables: [{ name: "waiting", scale: 1, total: false, cells: [{ cell: "" }], take: "sum" }],
});
const programOf = (letter) => new TextEncoder().encode(`PASOLIV2${letter.repeat(64)}`).buffer;

/** What is behind data/: the letter of the corridor that each file is of. */
const shown = { corridor: "a", program: "a" };
globalThis.fetch = async (path) => ({
  ok: !path.startsWith("api/"), status: 404, arrayBuffer: async () =>
    path.endsWith("corridor.json") ? new TextEncoder().encode(JSON.stringify(corridorOf(shown.corridor))).buffer :
    path.endsWith("program.bin") ? programOf(shown.program) : new ArrayBuffer(0),
});
globalThis.document = { visibilityState: "hidden" };
Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 2 } });

const layout = [{ at: 0, cells: 1, days: [19723] }];
const workers = [];
/** Runs end when the test says so; `value` of one is what it sets the lever to, 0 without a change. */
globalThis.Worker = class {
  told = [];
  constructor() { workers.push(this); }
  terminate() {}
  postMessage(what) {
    if (what.kind === "run") this.told.push({ value: what.plan.steps[0]?.value ?? 0, first: what.first, n: what.n });
    if (what.kind === "run") this.now = what;
    if (what.kind === "open") setImmediate(() => this.onmessage({ data: { kind: "ready" } }));
    if (what.kind === "layout") setImmediate(() => this.onmessage({ data: { kind: "layout", layout } }));
    if (what.kind === "stop") {
      this.told.push("stop");
      setImmediate(() => this.end({ kind: "stopped" }));
    }
  }
  end(data) {
    const now = this.now;
    this.now = undefined;
    if (now) this.onmessage({ data: data ?? { kind: "ran", values: new Float64Array(now.n), layout } });
  }
};
const turn = async () => { for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve)); };
const told = () => workers.flatMap((w) => w.told);
const runs = (value) => told().filter((x) => x.value === value);
const membersRun = (value) => runs(value).reduce((n, x) => n + x.n, 0);
/** Ends what the workers are at, and what follows, until they rest; those of `failing` fail. */
async function rest(failing = -1) {
  for (await turn(); workers.some((w) => w.now); await turn())
    for (const w of workers) w.end(w.now?.plan.steps[0]?.value === failing ? { kind: "failed", message: "weights sum to zero", dead: false } : undefined);
}

const scenario = (value, lever = "slots") => ({ policy: "plain", changes: value ? [{ lever, cell: "", from: "2024-02-01", value }] : [] });
const request = (value, members = 52, lever) => ({ base: scenario(0), other: scenario(value, lever), members, first: 20, seed: "1", until: "2024-07-01" });

/** A page whose engine has loaded, and what it was told of its runs. */
async function opened() {
  workers.length = 0;
  Object.assign(shown, { corridor: "a", program: "a" });
  const engine = createEngine(), said = [];
  const run = (r) => engine.run(r, (a) => said.push(a.done ? "done" : a.members), (message) => said.push(message));
  await engine.corridor();
  return { engine, said, run };
}

for (const [kind, guess, failing] of [["fails", request(2), 2], ["is of no lever", request(2, 52, "nothing"), -1]]) {
  test(`a guess that ${kind} says nothing, and the run that was asked for ends well`, async () => {
    const { engine, said, run } = await opened();
    run(request(1));
    engine.ahead([guess], true);
    await rest(failing);
    assert.equal(said.at(-1), "done");
    assert.ok(!said.includes("weights sum to zero"));
    assert.equal(membersRun(1), 52);
    run(guess);
    await rest(failing);
    assert.match(said.at(-1), /weights sum to zero|no lever nothing/, "it breaks aloud when it is asked for");
  });
}

test("a key that overtakes a run takes over what was begun for it, and no guess comes between", async () => {
  const { engine, said, run } = await opened();
  const first = run(request(1, 200));
  engine.ahead([request(2)], true);
  await turn();
  for (const w of workers) w.end();              // the base
  await turn();
  for (const w of workers) w.end();              // the first answer
  await turn();
  assert.deepEqual(runs(2).map((x) => x.n), [10, 10], "the guess is under way");
  first.cancel(true);
  engine.ahead([request(3)], true);
  await turn();
  assert.deepEqual([membersRun(3), told().filter((x) => x === "stop").length], [0, 0]);
  run(request(2, 200));
  await rest();
  assert.equal(said.at(-1), "done");
  assert.equal(membersRun(2), 200, "nothing is run a second time");
  assert.equal(membersRun(3), 20);
});

test("a reader's stop ends all, also while another run is awaited", async () => {
  for (const followed of [[], [true]]) {
    const { engine, run } = await opened(), asked = run(request(1, 200));
    await turn();
    for (const f of followed) asked.cancel(f);
    asked.cancel();
    await turn();
    assert.deepEqual(workers.map((w) => w.told.at(-1)), ["stop", "stop"]);
    await rest();
    engine.ahead([request(2)], false);
    await rest();
    assert.equal(membersRun(2), 20, "and guesses go on");
  }
});

test("the program is of the corridor that is shown, not of one that came after", async () => {
  const { engine, said, run } = await opened();
  Object.assign(shown, { corridor: "b", program: "b" });
  for (let tries = 0; tries < 2; tries++) {
    run(request(1));
    await rest();
    assert.match(said.at(-1), /not of one version \(program\.bin\)/);
  }
  assert.equal((await engine.corridor()).hash[0], "a");
  shown.program = "a";
  run(request(1));
  await rest();
  assert.equal(said.at(-1), "done");
});
