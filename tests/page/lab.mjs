/* What the tests of the page share: servers, a browser that reports whatever goes wrong, and waiting
 * for an answer. PASO, SOURCE, PACKAGES (node_modules), CHROMIUM and SHOTS come from tests/test_page.py. */
import assert from "node:assert/strict";
import { spawn, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";

export const { PASO, SOURCE, PACKAGES, CHROMIUM, SHOTS } = process.env;
process.env.PASO_CORRIDORS = join(SOURCE, "corridors");
const require = createRequire(join(PACKAGES, "nothing.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/* How long a test waits until it gives up on what hangs; nothing is measured. */
export const patience = 240_000;

export const folder = mkdtempSync(join(tmpdir(), "paso-page-"));
const ends = [];
/** Once all tests are registered: those that are done already would end it. */
export const clearUp = () => after(async () => {
  for (const end of ends.reverse()) await end();
  rmSync(folder, { recursive: true, force: true });
});

export const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
ends.push(() => browser.close());

export const paso = (...words) => execFileSync(PASO, words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

/* ---- servers ---- */

function firstLine(child, pattern) {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      const found = pattern.exec(text);
      if (found) resolve(found[0]);
    });
    child.on("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
}

/** A copy of a shipped corridor that is ours to change. */
export function copyOf(corridor, name) {
  const path = join(folder, name);
  cpSync(join(SOURCE, "corridors", corridor), path, { recursive: true });
  return path;
}

/** The tutorial over thirty years: a run of it by a server lasts until somebody ends it. */
export function endless(name) {
  const path = copyOf("tutorial", name), file = join(path, "corridor.yml"), text = readFileSync(file, "utf8");
  assert.match(text, /end: 2024-06-30/);
  writeFileSync(file, text.replace("end: 2024-06-30", "end: 2053-06-30"));
  return { path, hash: "until=2053-01-01&members=2100" };   // more than a browser runs
}

export async function serve(corridor, ...options) {
  const child = spawn(PASO, ["serve", corridor, "--port", "0", "--members", "20", "--quiet", ...options], { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const gone = new Promise((resolve) => child.on("exit", resolve));
  const stop = async () => {
    child.kill("SIGTERM");
    assert.equal(await gone, 0, said);
    assert.ok(!said.includes("Sanitizer"), said);
  };
  ends.push(stop);
  return { url: await firstLine(child, /http:\S+/), stop };
}

/** The same corridor as static files, with nothing of Paso behind them. */
export async function site(corridor) {
  const out = join(folder, `site-${corridor}`);
  paso("site", corridor, out, "--members", "20", "--force");
  const words = ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", out];
  const child = spawn("python3", words, { stdio: ["ignore", "pipe", "ignore"] });
  const gone = new Promise((resolve) => child.on("exit", resolve));
  ends.push(() => { child.kill(); return gone; });
  const port = /port (\d+)/.exec(await firstLine(child, /port \d+/))[1];
  return { url: `http://127.0.0.1:${port}/` };
}

/* ---- pages ---- */

/** A page in a context of its own; `problems` collects what must not happen. */
export async function visit(url, { width = 1280, height = 900, expected = [], own = url, before = () => undefined, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, locale: "en-GB", acceptDownloads: true, ...more });
  await context.grantPermissions(["clipboard-read", "clipboard-write"]).catch(() => undefined);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  const problems = [];
  const report = (text) => { if (!expected.some((pattern) => pattern.test(text))) problems.push(text); };
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) report(`console: ${m.text()}`); });
  page.on("pageerror", (e) => report(`error: ${e.message}`));
  page.on("response", (r) => { if (r.status() >= 400) report(`${r.status()}: ${r.url()}`); });
  const home = new URL(own).origin;
  page.on("request", (r) => { if (!r.url().startsWith(`${home}/`) && !/^(blob|data):/.test(r.url())) report(`asked elsewhere: ${r.url()}`); });
  await before(page);
  await page.goto(url);
  return { page, problems, close: async () => { await context.close(); assert.deepEqual(problems, []); } };
}

export const at = (page, id) => page.locator(`[data-testid="${id}"]`);
/** Waits until the run that was asked for is so; another end is told. */
export async function settle(page, state = "done") {
  await page.waitForFunction((wanted) => {
    const now = document.querySelector("[data-testid=progress]")?.dataset.state;
    return now === wanted || now === "failed";
  }, state, { timeout: patience });
  const progress = at(page, "progress"), now = await progress.getAttribute("data-state");
  assert.equal(now, state, now === "failed" ? await words(at(page, "failure")) : now);
}
export const words = async (locator) => (await locator.innerText()).replace(/\s+/g, " ").trim();

/* ---- a module that breaks ---- */

function leb(bytes, at) {
  let value = 0, shift = 0, byte;
  do { byte = bytes[at++]; value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
  return [value >>> 0, at];
}
const inLeb = (value) => { const out = []; do { out.push((value & 127) | (value > 127 ? 128 : 0)); value >>>= 7; } while (value); return out; };

/** [id, first byte, end] of each section. */
function sections(wasm) {
  const all = [];
  for (let at = 8; at < wasm.length;) {
    const [size, first] = leb(wasm, at + 1);
    all.push([wasm[at], first, first + size]);
    at = first + size;
  }
  return all;
}

/** The module with a trap as the first thing that the exported function does. */
export function trapping(wasm, name) {
  const of = (id) => sections(wasm).find((s) => s[0] === id), module = new WebAssembly.Module(wasm);
  assert.equal(WebAssembly.Module.imports(module).length, 0, "functions are counted from the first of the module");
  assert.ok(WebAssembly.Module.exports(module).some((x) => x.name === name), name);
  let index = -1, [, at] = of(7), n;
  [n, at] = leb(wasm, at);
  for (; n > 0; n--) {
    const [size, text] = leb(wasm, at), kind = wasm[text + size], [number, next] = leb(wasm, text + size + 1);
    if (kind === 0 && new TextDecoder().decode(wasm.subarray(text, text + size)) === name) index = number;
    at = next;
  }
  const [, code, end] = of(10), bodies = [];
  [n, at] = leb(wasm, code);
  for (let i = 0; i < n; i++) {
    const [size, body] = leb(wasm, at);
    let [groups, first] = leb(wasm, body);
    for (; groups > 0; groups--) first = leb(wasm, first)[1] + 1;    // locals: how many, of which type
    const own = i === index ? [...wasm.subarray(body, first), 0, ...wasm.subarray(first, body + size)] : [...wasm.subarray(body, body + size)];
    bodies.push(...inLeb(own.length), ...own);
    at = body + size;
  }
  const inside = [...inLeb(n), ...bodies], head = sections(wasm).filter((s) => s[2] < code).at(-1)[2];
  return Uint8Array.from([...wasm.subarray(0, head), 10, ...inLeb(inside.length), ...inside, ...wasm.subarray(end)]);
}

/** What axe finds serious or worse, as lines; what still fades in has no contrast to judge yet. */
export async function accessible(page) {
  await page.evaluate(() => Promise.all(document.getAnimations().map((a) => a.finished.catch(() => undefined))));
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return violations.filter((v) => ["serious", "critical"].includes(v.impact))
    .flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(" ")}: ${n.failureSummary}`));
}

export async function shoot(page, name) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage: true });
}
