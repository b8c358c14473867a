/* While the reader rests on a lever, the workers run what its next move will ask for: counted by what
 * the page tells them. Runs are told apart by the value that they set, or the policy; replies can be held back. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { at, serve, settle, site, visit } from "./lab.mjs";

const tutorial = { served: await serve("tutorial"), static: await site("tutorial") };
const corridor = await (await fetch(`${tutorial.static.url}data/corridor.json`)).json();
const lever = corridor.levers.find((l) => l.cells.length === 1 && l.scale === 1 && l.cells[0].min !== null && l.cells[0].max !== null);
const { step, max } = lever.cells[0];

/** `told`: each run and each stop that a worker was told of, and each end of a run. While `hold` is
 * set, ends wait in `held`. */
const spied = (page) => page.addInitScript(() => {
  const Real = globalThis.Worker;
  Object.assign(globalThis, { told: [], held: [], hold: false });
  globalThis.Worker = class extends Real {
    set onmessage(call) {
      super.onmessage = (event) => {
        const end = () => {
          if (this.run) globalThis.told.push({ ...this.run, kind: event.data.kind });
          this.run = undefined;
          call(event);
        };
        if (globalThis.hold && this.run) globalThis.held.push(end);
        else end();
      };
    }
    postMessage(what, ...more) {
      if (what.kind === "run") globalThis.told.push(this.run = { kind: "run", value: what.plan.steps.at(-1)?.value ?? `policy ${what.plan.policy}`, first: what.first, n: what.n });
      if (what.kind === "stop") globalThis.told.push({ kind: "stop" });
      super.postMessage(what, ...more);
    }
  };
});
const told = (page) => page.evaluate(() => globalThis.told);
const release = (page) => page.evaluate(() => { globalThis.hold = false; globalThis.held.splice(0).forEach((end) => end()); });
const valuesOf = (list, kind) => [...new Set(list.filter((x) => x.kind === kind).map((x) => x.value))];
const membersRun = (list, value) => list.filter((x) => x.kind === "run" && x.value === value).reduce((n, x) => n + x.n, 0);
/** Waits until twenty members of each value have been begun, or have come. */
const until = (page, kind, ...values) => page.waitForFunction(([wanted, all]) => all.every((value) => {
  const found = globalThis.told.filter((x) => x.kind === wanted && x.value === value);
  return found.reduce((n, x) => n + x.n, 0) >= 20;
}), [kind, values]);
/** What follows from what has happened has been done, as far as nothing waits for a worker. */
const frames = (page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve)))));

async function visited(url, hash = "", members = 20) {
  const visitor = await visit(`${url}#members=${members}&lang=en${hash}`, { before: spied });
  await settle(visitor.page);
  await visitor.page.evaluate(() => document.querySelectorAll("[data-testid=lever-group]").forEach((x) => (x.open = true)));
  const slider = visitor.page.locator(`[data-lever="${lever.name}"]`).getByTestId("slider");
  return { ...visitor, slider, usual: Number(await slider.inputValue()) };
}

/** Every number that is shown; what the headline is about depends on the moves before. */
async function table(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), at(page, "download-csv").click()]);
  return readFileSync(await download.path(), "utf8");
}

for (const [kind, { url }] of Object.entries(tutorial)) {
  test(`the next key is answered from what was run ahead, ${kind}`, async () => {
    const { page, slider, usual, close } = await visited(url);
    await slider.focus();
    await until(page, "ran", usual + step, usual - step);
    const before = (await told(page)).length;
    await page.keyboard.press("ArrowRight");
    await settle(page);
    assert.equal(await slider.inputValue(), String(usual + step));
    await until(page, "ran", usual + 2 * step);
    const after = (await told(page)).slice(before);
    assert.ok(!valuesOf(after, "run").includes(usual + step), "nothing is run a second time");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await settle(page);
    const stepped = await table(page);
    await close();
    const plain = await visited(url, `&set=${lever.name}@${await dayOf(url)}=${usual - step}`);
    assert.ok(stepped === await table(plain.page), "the same numbers as without running ahead");
    await plain.close();
  });
}

/** The day from which a move holds on this page. */
async function dayOf(url) {
  const { page, close } = await visit(url);
  const day = await at(page, "start").inputValue();
  await close();
  return day;
}

/** Whether `guess` was run before the other members of `value`. */
function isBefore(list, guess, value) {
  const runs = list.filter((x) => x.kind === "run"), at = runs.findIndex((x) => x.value === guess);
  return at >= 0 && at < runs.findIndex((x) => x.value === value && x.first >= 20);
}

test("of keys that follow each other the next one's first answer comes before the other members", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url, "", 200);
  await slider.focus();
  await until(page, "ran", usual + step, usual - step);
  let before = (await told(page)).length;
  await page.keyboard.press("ArrowRight");
  await settle(page);
  assert.ok(isBefore((await told(page)).slice(before), usual + 2 * step, usual + step));
  await slider.evaluate((s) => s.dispatchEvent(new PointerEvent("pointerdown")));
  before = (await told(page)).length;
  await slider.evaluate((s, value) => { s.value = String(value); s.dispatchEvent(new Event("input", { bubbles: true })); }, usual + 9 * step);
  await settle(page);
  await until(page, "ran", usual + 10 * step);
  assert.ok(!isBefore((await told(page)).slice(before), usual + 10 * step, usual + 9 * step), "a click is rarely followed by the next step");
  await close();
});

test("a click where the pointer rests is answered from what was run ahead", async () => {
  const { page, slider, close } = await visited(tutorial.static.url);
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  for (const share of [0.8, 0.2]) {
    const before = (await told(page)).length;
    await page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
    await page.waitForFunction((n) => globalThis.told.slice(n).some((x) => x.kind === "run"), before);
    const [guessed] = valuesOf((await told(page)).slice(before), "run");
    await until(page, "ran", guessed);
    await page.mouse.down();
    await page.mouse.up();
    await settle(page);
    assert.equal(await slider.inputValue(), String(guessed));
    await until(page, "ran", guessed + step, guessed - step);
    assert.equal(membersRun(await told(page), guessed), 20, "nothing is run a second time");
  }
  await close();
});

test("a pointer that rests somewhere does not take the place of the next key", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url, "", 200);
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  await page.mouse.move(box.x + 0.8 * box.width, box.y + box.height / 2);
  await page.waitForFunction(() => globalThis.told.some((x) => x.kind === "ran" && x.value !== globalThis.told[0].value));
  await slider.focus();
  await page.keyboard.press("ArrowRight");
  await settle(page);
  await until(page, "ran", usual + 2 * step);
  const before = (await told(page)).length;
  await page.keyboard.press("ArrowRight");
  await settle(page);
  assert.ok(isBefore((await told(page)).slice(before), usual + 3 * step, usual + 2 * step));
  await close();
});

test("a policy is answered from what was run ahead", async () => {
  const { page, close } = await visited(tutorial.static.url);
  const select = at(page, "policy-other"), here = await select.evaluate((s) => s.selectedIndex);
  const key = here + 1 < corridor.policies.length ? "ArrowDown" : "ArrowUp", next = here + (key === "ArrowDown" ? 1 : -1);
  await select.focus();
  await until(page, "ran", `policy ${next}`);
  await page.keyboard.press(key);
  await settle(page);
  assert.equal(await select.inputValue(), corridor.policies[next].name);
  assert.equal(membersRun(await told(page), `policy ${next}`), 20, "nothing is run a second time");
  await close();
});

test("a move takes over what it wants of a run ahead, and ends the rest", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url);
  await page.evaluate(() => (globalThis.hold = true));
  await slider.focus();
  await until(page, "run", usual + step);
  await page.keyboard.press("ArrowRight");
  await frames(page);
  assert.equal(await at(page, "progress").getAttribute("data-state"), "running");
  let list = await told(page);
  assert.deepEqual(list.filter((x) => x.kind === "stop"), []);
  await release(page);
  await settle(page);
  list = await told(page);
  assert.equal(membersRun(list, usual + step), 20, "what was under way counts");
  await until(page, "ran", usual + 2 * step, usual);
  await page.evaluate(() => (globalThis.hold = true));
  await page.keyboard.press("ArrowRight");
  await until(page, "run", usual + 3 * step);
  const before = (await told(page)).length;
  await page.keyboard.press("End");
  await frames(page);
  list = (await told(page)).slice(before);
  assert.ok(list.some((x) => x.kind === "stop"), "what nobody asked for ends");
  await release(page);
  await settle(page);
  assert.equal(await slider.inputValue(), String(max));
  await until(page, "ran", max);
  await close();
});

test("a key pressed while its first answer is run ahead of another's members takes that over", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url, "", 200);
  await slider.focus();
  await until(page, "ran", usual + step, usual - step);
  await page.evaluate(() => (globalThis.hold = true));
  await page.keyboard.press("ArrowRight");
  await until(page, "run", usual + 2 * step);
  await page.keyboard.press("ArrowRight");
  await frames(page);
  assert.deepEqual((await told(page)).filter((x) => x.kind === "stop"), []);
  await release(page);
  await settle(page);
  assert.equal(membersRun(await told(page), usual + 2 * step), 200, "nothing is run a second time");
  await close();
});

test("nobody looks any more: what runs ahead ends, and nothing follows the next run", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url);
  const show = (state) => page.evaluate((now) => {
    Object.defineProperty(document, "visibilityState", { value: now, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, state);
  await page.evaluate(() => (globalThis.hold = true));
  await slider.focus();
  await until(page, "run", usual + step);
  await show("hidden");
  await release(page);
  await slider.evaluate((s, value) => { s.value = String(value); s.dispatchEvent(new Event("input", { bubbles: true })); }, usual + 20 * step);
  await settle(page);
  await frames(page);
  const list = await told(page);
  assert.ok(list.some((x) => x.kind === "stop"));
  assert.deepEqual([-1, 19, 21].map((steps) => membersRun(list, usual + steps * step)), [0, 0, 0]);
  await show("visible");
  await until(page, "ran", usual + 21 * step);
  await close();
});

test("nothing runs ahead while no lever is in hand, or nobody looks", async () => {
  const { page, slider, usual, close } = await visited(tutorial.static.url);
  const jump = (to) => slider.evaluate((s, value) => { s.value = String(value); s.dispatchEvent(new Event("input", { bubbles: true })); }, to);
  await jump(usual + 5 * step);
  await settle(page);
  await slider.focus();
  await until(page, "ran", usual + 6 * step, usual + 4 * step);
  await slider.blur();
  await jump(usual + 20 * step);
  await settle(page);
  await page.evaluate(() => Object.defineProperty(document, "visibilityState", { value: "hidden" }));
  await slider.focus();
  await frames(page);
  const runs = valuesOf(await told(page), "run");
  assert.deepEqual(runs.slice(1), [usual + 5 * step, usual + 6 * step, usual + 4 * step, usual + 20 * step]);
  await close();
});
