/* An engine that breaks is told on the page and can be tried again: a worker whose file does not
 * come, a module that traps in the middle of a run, and files that another version of Paso wrote. */
import assert from "node:assert/strict";
import test from "node:test";
import { at, settle, site, trapping, visit, words } from "./lab.mjs";

const { url } = await site("tutorial");

async function triedAgain(page, told) {
  await settle(page, "failed");
  assert.match(await words(at(page, "failure")), told);
  assert.equal(await at(page, "failure").getAttribute("role"), "alert");
  await page.evaluate(() => { globalThis.spoiled = false; });
  await at(page, "again").click();
  await settle(page);
  assert.match(await words(page.locator(".headline")), /20 pairs/);
}

/** Workers of the page are made with other bytes, or from an address that is none, while `spoiled`. */
async function visitSpoiled(how, bytes) {
  return visit("about:blank", { own: url, expected: [/404|Failed to load/], before: (page) => page.addInitScript(([kind, wasm]) => {
    const Real = globalThis.Worker;
    globalThis.spoiled = true;
    globalThis.Worker = class extends Real {
      constructor(address, options) {
        super(globalThis.spoiled && kind === "missing" ? new URL("nothing.js", location.href) : address, options);
      }
      postMessage(what, ...more) {
        const broken = globalThis.spoiled && kind === "traps" && what.kind === "open";
        super.postMessage(broken ? { ...what, wasm: new Uint8Array(wasm).buffer } : what, ...more);
      }
    };
  }, [how, bytes]) });
}

test("a module that traps", async () => {
  const whole = new Uint8Array(await (await fetch(`${url}data/paso.wasm`)).arrayBuffer());
  const { page, close } = await visitSpoiled("traps", [...trapping(whole, "paso_live_go")]);
  await page.goto(`${url}#members=20&policy=more-slots`);
  await settle(page, "failed");
  await at(page, "language").selectOption("es");
  assert.match(await words(at(page, "failure")), /^La corrida falló: el motor se detuvo por una falla \(/);
  await at(page, "language").selectOption("en");
  await triedAgain(page, /^The run failed: the engine broke down \(.*unreachable.*\)\.$/);
  await close();
});

test("a worker that does not come", async () => {
  const { page, close } = await visitSpoiled("missing", []);
  await page.goto(`${url}#members=20&policy=more-slots`);
  await triedAgain(page, /^The run failed: the engine did not start/);
  await close();
});

/* A file as another version, or another corridor, would have it. */
const changed = (at, byte) => (data) => { data[at] = byte; return data; };
const others = [
  ["program.bin", "program.bin", changed(7, 0x30)], ["of another corridor", "program.bin", changed(8, 0x78)], ["state.bin", "state.bin", changed(7, 0x30)],
  ["paso.wasm", "paso.wasm", () => Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])],
];

/** With one file of the data other than it is, as often as it is asked for, while `spoiled.now`. */
async function visitOther(file, change, hash, expected = []) {
  const spoiled = { now: true };
  const before = (page) => page.route(`**/data/${file}`, async (route) => {
    const response = await route.fetch(), data = Buffer.from(await response.body());
    await route.fulfill({ response, body: spoiled.now ? change(data) : data });
  });
  return { spoiled, ...await visit(`${url}#members=20&policy=more-slots${hash}`, { expected, before }) };
}

for (const [name, file, change] of others) {
  test(`files of another version: ${name}`, async () => {
    const { page, close, spoiled } = await visitOther(file, change, "");
    await settle(page, "failed");
    await at(page, "language").selectOption("es");
    assert.equal(await words(at(page, "failure")), `La corrida falló: los archivos de la página no son de una misma versión (${file}): vuelva a cargarla, o escríbala de nuevo con paso site.`);
    await at(page, "language").selectOption("en");
    assert.equal(await words(at(page, "failure")), `The run failed: the page's files are not of one version (${file}): load it again, or have paso site write it anew.`);
    spoiled.now = false;
    await triedAgain(page, /./);
    await close();
  });
}

test("a corridor of another version", async () => {
  const older = (data) => { const c = JSON.parse(data); delete c.format; delete c.politics; return Buffer.from(JSON.stringify(c)); };
  for (const [lang, told] of [["en", /not of one version \(corridor\.json\)/], ["es", /no son de una misma versión \(corridor\.json\)/]]) {
    const { page, close } = await visitOther("corridor.json", older, `&lang=${lang}`);
    await at(page, "broken").waitFor();
    assert.match(await words(at(page, "broken")), told);
    await close();
  }
});

test("a page that breaks says so", async () => {
  const without = (data) => { const c = JSON.parse(data); delete c.politics; return Buffer.from(JSON.stringify(c)); };
  const { page, close } = await visitOther("corridor.json", without, "&lang=es", [/politics|undefined/]);
  await at(page, "broken").waitFor();
  assert.match(await words(at(page, "broken")), /la página se detuvo por una falla \(/);
  await close();
});
