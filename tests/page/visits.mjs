/* What a reader does with the page, on a server and on static files alike. */
import assert from "node:assert/strict";
import test from "node:test";
import { accessible, at, serve, settle, shoot, site, visit, words } from "./lab.mjs";

const darien = { served: await serve("darien"), static: await site("darien") };
const corridor = await (await fetch(`${darien.static.url}data/corridor.json`)).json();

for (const [kind, { url }] of Object.entries(darien)) {
  test(`first visit, ${kind}`, async () => {
    const { page, close } = await visit(url);
    await settle(page);
    assert.match(await page.title(), /Paso/);
    assert.match(await words(at(page, "stamp")), /^Simulated .*\b20\b/);
    assert.match(await words(page.locator(".headline")), /Nothing differs yet/);
    for (const id of ["map", "series", "outcomes", "table", "assumptions"]) assert.ok(await at(page, id).isVisible(), id);
    assert.equal(await at(page, "editor").count(), kind === "served" ? 1 : 0);
    await close();
  });

  test(`two policies side by side, ${kind}`, async () => {
    const { page, close } = await visit(`${url}#members=20`);
    await settle(page);
    const usual = await at(page, "policy-other").inputValue();
    const other = corridor.policies.find((p) => p.name !== usual && p.changes.length);
    await at(page, "policy-other").selectOption(other.name);
    await settle(page);
    const said = await words(at(page, "headline"));
    assert.match(said, /\d/);
    assert.match(await words(page.locator(".headline")), /Simulated, 20 pairs/i);
    await at(page, "swap").click();
    await settle(page);
    assert.equal(await at(page, "policy-base").inputValue(), other.name);
    assert.notEqual(await words(at(page, "headline")), said);
    await at(page, "keep").click();
    await settle(page);
    assert.match(await words(page.locator(".headline")), /Nothing differs yet/);
    await close();
  });

  test(`share and reopen, ${kind}`, async () => {
    const { page, close } = await visit(`${url}#members=20`);
    await settle(page);
    await at(page, "policy-other").selectOption(corridor.policies.at(-1).name);
    await settle(page);
    await at(page, "language").selectOption("es");
    await at(page, "share").click();
    const [link, said] = [page.url(), await words(page.locator(".headline"))];
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link);
    const again = await visit(link);
    await settle(again.page);
    assert.equal(await words(again.page.locator(".headline")), said);
    assert.equal(await at(again.page, "policy-other").inputValue(), corridor.policies.at(-1).name);
    await again.close();
    await close();
  });
}

/** The element that has the keyboard: what it is, and the lever it belongs to. */
const focused = (page) => page.evaluate(() => {
  const e = document.activeElement;
  return {
    lever: e.closest("[data-lever]")?.dataset.lever ?? "", type: e.getAttribute("role") ?? e.type ?? "", tag: e.tagName,
    folded: e.tagName === "SUMMARY" && !e.parentElement.open && e.closest("[data-testid=lever-group]") !== null,
    atEnd: Number(e.value) >= Number(e.max),
  };
});

test("each lever by keyboard", async () => {
  const { page, close } = await visit(`${darien.static.url}#members=20`);
  await settle(page);
  const moved = new Set();
  for (let i = 0; i < 1000 && moved.size < corridor.levers.length; i++) {
    await page.keyboard.press("Tab");
    const f = await focused(page);
    if (f.folded) await page.keyboard.press("Enter");
    if (!f.lever || moved.has(f.lever) || !["range", "switch"].includes(f.type)) continue;
    await page.keyboard.press(f.type === "switch" ? "Space" : f.atEnd ? "ArrowLeft" : "ArrowRight");
    assert.ok(await page.locator(`[data-lever="${f.lever}"].changed`).count(), `${f.lever} does not move`);
    moved.add(f.lever);
  }
  assert.deepEqual([...moved].sort(), corridor.levers.map((l) => l.name).sort());
  await settle(page);
  assert.doesNotMatch(await words(page.locator(".headline")), /Nothing differs yet/);
  await at(page, "reset-all").click();
  await settle(page);
  assert.match(await words(page.locator(".headline")), /Nothing differs yet/);
  await close();
});

test("the focus stays near what was done", async () => {
  const lever = corridor.levers[0], name = lever.name, move = `${name}@${corridor.policies.at(-1).from || "2024-02-01"}=${lever.cells[0].min}`;
  const { page, close } = await visit(`${darien.static.url}#members=20&set=${move}`);
  await settle(page);
  await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
  const now = () => page.evaluate(() => document.activeElement.dataset.testid ?? document.activeElement.tagName);
  const press = async (button) => {
    await button.focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.activeElement !== document.body && !document.activeElement.matches(":disabled"));
    return now();
  };
  assert.equal(await press(page.locator(`[data-lever="${name}"] [data-testid="reset"]`)), "slider");
  for (const [button, near] of [["reset-all", "policy-other"], ["keep", "policy-other"]]) {
    await page.locator(`[data-lever="${name}"] [data-testid="slider"]`).press("ArrowLeft");
    assert.equal(await press(at(page, button)), near);
  }
  await page.locator(`[data-lever="${name}"] [data-testid="slider"]`).press("ArrowRight");
  assert.equal(await press(at(page, "timeline").locator("button.link").first()), "add-lever");
  await at(page, "policy-other").selectOption(corridor.policies.at(-1).name);
  await settle(page);
  const chip = page.locator(".also .chip").first();
  await chip.waitFor();
  assert.equal(await press(chip), "headline");
  await close();
});

test("the map plays, and goes by keyboard", async () => {
  const { page, close } = await visit(`${darien.static.url}#members=20`, { reducedMotion: "reduce" });
  await settle(page);
  const date = at(page, "date"), play = at(page, "play");
  const last = await date.inputValue();
  await play.click();
  await page.waitForFunction(() => {    // stopped from within, so that it cannot play on meanwhile
    const here = Number(document.querySelector("[data-testid=date]").value) >= 2;
    if (here) document.querySelector("[data-testid=play]").click();
    return here;
  });
  const stopped = await date.inputValue();
  assert.ok(Number(stopped) < Number(last));
  await date.focus();
  await page.keyboard.press("ArrowRight");
  assert.equal(await date.inputValue(), String(Number(stopped) + 1));
  await page.keyboard.press("End");
  assert.equal(await date.inputValue(), last);
  const rows = at(page, "map-table").locator("tr");
  assert.ok(await rows.count() > 1, "the map has a table");
  await close();
});

test("languages", async () => {
  const { page, close } = await visit(`${darien.static.url}#members=20`);
  await settle(page);
  await at(page, "policy-other").selectOption(corridor.policies.at(-1).name);
  await settle(page);
  const english = await words(page.locator("body"));
  await at(page, "language").selectOption("es");
  assert.equal(await page.getAttribute("html", "lang"), "es");
  assert.match(await words(at(page, "stamp")), /^Simulado/);
  assert.match(await words(page.locator("h1")), new RegExp(corridor.title.es.slice(0, 12)));
  assert.notEqual(await words(page.locator("body")), english);
  await page.waitForURL(/lang=es/);
  for (const word of ["Simulated", "members", "Levers", "Assumptions", "Download"])
    assert.ok(!(await words(page.locator("main"))).includes(word), `"${word}" in Spanish`);
  await page.reload();
  await settle(page);
  assert.equal(await page.getAttribute("html", "lang"), "es");
  await at(page, "language").selectOption("en");
  assert.equal(await page.getAttribute("html", "lang"), "en");
  await close();
});

test("a link that asks for what is not there", async () => {
  const lever = corridor.levers[0], cell = lever.cells[0].cell, name = `${lever.name}${cell && `[${cell}]`}`;
  const asked = ["members=0.4", `until=${corridor.from}`, "start=1970-01-01", `set=${name}@2023-02-31=1`, `set=${name}@1999-01-01=1`, "policy=nobody", "show=nothing"];
  const { page, close } = await visit(`${darien.static.url}#${asked.join("&")}`);
  await settle(page);
  assert.match(await words(page.locator(".headline")), /Nothing differs yet/);
  assert.equal(await at(page, "until").inputValue(), corridor.until);
  assert.ok(await at(page, "start").inputValue() >= corridor.from);
  await close();
});

test("days and values that cannot be", async () => {
  const { page, close } = await visit(`${darien.static.url}#members=20`);
  await settle(page);
  const start = at(page, "start"), was = await start.inputValue();
  for (const day of ["", "1990-01-01"]) {
    await start.fill(day);
    await start.blur();
    assert.equal(await start.inputValue(), was);
  }
  const lever = corridor.levers.find((l) => l.cells[0].max !== null && l.layer !== "politics");
  await at(page, "timeline").locator("summary").click();
  await at(page, "add-lever").selectOption(corridor.levers[0] === lever ? "" : lever.name);
  await at(page, "add-move").click();
  const field = at(page, "timeline").locator(".own input[type=text]");
  await field.fill("1e9");
  await field.blur();
  await settle(page);
  const set = `=${lever.cells[0].max}`; // the link is written a moment after the move, whatever a run takes
  await page.waitForFunction((end) => decodeURIComponent(location.hash).endsWith(end) || location.hash.includes(`${end}&`), set);
  await close();
});

test("nothing to show yet", async () => {
  const day = new Date(Date.parse(corridor.from) + 3 * 86400_000).toISOString().slice(0, 10);
  const { page, close } = await visit(`${darien.static.url}#members=20&until=${day}`);
  await settle(page);
  await at(page, "policy-other").selectOption(corridor.policies.at(-1).name);
  await settle(page);
  assert.doesNotMatch(await words(page.locator("body")), /NaN|undefined|null|Infinity/);
  await close();
});

test("more than a browser runs", async () => {
  const { page, close } = await visit(`${darien.static.url}#members=20`);
  await settle(page);
  await at(page, "members").selectOption("20000");
  await settle(page, "failed");
  assert.match(await words(at(page, "failure")), /20,000/);
  const [first, second] = corridor.policies.slice(-2);
  await at(page, "policy-other").selectOption(first.name);
  await at(page, "members").selectOption("20");
  await settle(page);
  await at(page, "members").selectOption("20000");
  await at(page, "policy-other").selectOption(second.name);
  await settle(page, "failed");
  assert.match(await words(page.locator(".headline")), /These numbers are of the settings before/);
  await at(page, "members").selectOption("20");
  await settle(page);
  await close();
});

/** Names on the map that stand on one another, and what of the map leaves its frame. */
const crossing = (page) => page.evaluate(() => {
  const svg = document.querySelector("[data-testid=map] svg"), frame = svg.getBoundingClientRect(), slack = 3, bad = [];
  const boxes = [...svg.querySelectorAll("text")].map((t) => [t.textContent, t.getBoundingClientRect()]);
  boxes.forEach(([name, a], i) => boxes.slice(i + 1).forEach(([other, b]) => {
    if (Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack) bad.push(`${name} on ${other}`);
  }));
  const drawn = [...boxes, ...[...svg.querySelectorAll(".arc, .spot, .end")].filter((x) => x.getAttribute("d") !== "").map((x) => [x.getAttribute("class"), x.getBoundingClientRect()])];
  for (const [name, a] of drawn)
    if (a.left < frame.left - slack || a.right > frame.right + slack || a.top < frame.top - slack || a.bottom > frame.bottom + slack) bad.push(`${name} leaves the map`);
  if (boxes.length < 4) bad.push(`${boxes.length} names only`);
  return bad;
});

for (const [width, height] of [[1280, 900], [768, 1024], [390, 844]]) {
  test(`accessible and whole at ${width}`, async () => {
    for (const colorScheme of ["light", "dark"]) {
      const { page, close } = await visit(`${darien.static.url}#members=20`, { width, height, colorScheme, reducedMotion: "reduce" });
      await settle(page);
      await at(page, "policy-other").selectOption(corridor.policies.at(-1).name);
      await settle(page);
      assert.deepEqual(await accessible(page), []);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${wide} px too wide`);
      assert.deepEqual(await crossing(page), []);
      await shoot(page, `darien-${width}-${colorScheme}`);
      await close();
    }
  });
}
