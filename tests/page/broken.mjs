/* An engine that breaks is told on the page and can be tried again: a worker whose file does not
 * come, and a module that traps in the middle of a run. */
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
