// How members are kept and dealt over workers, with workers that only say what they are told.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { build } from "esbuild";

const here = new URL("..", import.meta.url).pathname;
const file = join(mkdtempSync(join(tmpdir(), "paso-page-")), "engine.mjs");
await build({
  stdin: { contents: 'export * from "./src/engine/members"; export * from "./src/engine/deal";', resolveDir: here, loader: "ts" },
  bundle: true, format: "esm", platform: "node", outfile: file, logLevel: "error",
});
const { Members, Crew, piecesOf } = await import(file);

test("guesses neither outlive what is asked for nor push it out", () => {
  const members = new Members(), asked = Array.from({ length: 8 }, (_, i) => members.of(`asked ${i}`));
  let first;
  for (let i = 0; i < 20; i++) {
    const guesses = [members.guess(`guess ${i}`), members.guess(`guess ${i + 1}`)];
    members.forget(new Set(guesses));
    members.trim();
    assert.equal(members.guess(`guess ${i}`), guesses[0]);
    first ??= guesses[0];
  }
  assert.notEqual(members.guess("guess 0"), first, "what nobody has asked for is dropped");
  asked.forEach((kept, i) => assert.equal(members.guess(`asked ${i}`), kept));
  const old = members.guess("guess 20"), known = members.of("guess 20");
  members.forget(new Set());
  members.trim();
  assert.equal(known, old, "one that comes true keeps its members");
  assert.equal(members.guess("guess 20"), old);
  assert.notEqual(members.guess("asked 0"), asked[0], "what is asked for stays bounded");
});

/** A worker whose pieces end when the test says so. */
class Hand {
  told = [];
  stops = 0;
  tell(what) {
    this.told.push(what);
    return new Promise((resolve) => (this.reply = (kind = "ran") => resolve({ kind, values: new Float64Array(what.n), layout: [] })));
  }
  stop() { this.stops++; }
}
const turn = () => new Promise((resolve) => setImmediate(resolve));
const request = { members: 52, first: 20, seed: "1" };

test("a piece that is wanted goes on, others end first", async () => {
  const members = new Members(), hands = [new Hand(), new Hand()], crew = new Crew(hands, 1);
  const plan = { policy: 0 }, here = members.guess("here"), there = members.guess("there");
  let ahead = true;
  crew.deal([here, there].flatMap((into) => piecesOf(new Map([[into, plan]]), { ...request, members: 20 }, 2)), () => ahead, () => undefined);
  await turn();
  hands[1].reply();
  await turn();
  assert.deepEqual(hands.map((h) => h.told.map((x) => x.first)), [[0], [10, 10]]);
  ahead = false;                                       // now `here` is asked for: one worker is at it, one elsewhere
  const pieces = piecesOf(new Map([[here, plan]]), request, 2);
  crew.stop(pieces);
  const end = crew.deal(pieces, () => true, () => undefined);
  await turn();
  assert.deepEqual(hands.map((h) => [h.stops, h.told.length]), [[0, 1], [1, 2]]);
  hands[1].reply("stopped");
  await turn();
  assert.deepEqual(hands.map((h) => h.told.length), [1, 3], "a worker that has ended begins");
  assert.deepEqual([hands[1].told[2].first, hands[1].told[2].n, hands[1].told[2].keep], [20, 32, 0]);
  hands[0].reply();
  hands[1].reply();
  await end;
  assert.deepEqual(hands.map((h) => h.told.length), [1, 3], "nothing twice");
  assert.equal(here.members.filter(Boolean).length, 52);
  assert.equal(there.members.length, 0);
});

test("an error ends all pieces, and the next run begins", async () => {
  const members = new Members(), hands = [new Hand(), new Hand()], crew = new Crew(hands, 1), into = members.of("here");
  hands[0].tell = () => Promise.reject(new Error("broken"));
  const pieces = piecesOf(new Map([[into, {}]]), request, 2), end = crew.deal(pieces, () => true, () => undefined);
  await turn();
  hands[1].reply();
  await assert.rejects(end, /broken/);
  delete hands[0].tell;
  assert.equal(hands[1].told.length, 1);
  crew.deal(pieces, () => true, () => undefined);
  await turn();
  assert.deepEqual(hands.map((h) => h.told.at(-1).first), [0, 20], "only what is missing");
});

test("members of the first answer are dealt alike, whatever follows them", () => {
  const into = new Members().of("here");
  for (const workers of [1, 2, 3, 4, 7]) {
    const [guess, asked, few] = [20, 52, 15].map((members) => piecesOf(new Map([[into, {}]]), { ...request, members }, workers));
    assert.deepEqual(asked.filter((p) => p.hand >= 0), guess, `${workers} workers`);
    assert.deepEqual(asked.find((p) => p.hand < 0).first, 20);
    assert.equal(few.reduce((n, p) => n + p.n, 0), 15);
  }
});
