/* What a policy sets a lever to on a day, as far as plain numbers tell. */
import type { Change, Corridor, Lever, LeverCell, Policy, Scenario } from "../contract";

export const keyOf = (lever: string, cell: string) => `${lever}/${cell}`;
export const sameCell = (c: Change, lever: string, cell: string) => c.lever === lever && c.cell === cell;

/** From the policy that has no base to the one named. */
export function chainOf(c: Corridor, name: string): Policy[] {
  const chain: Policy[] = [];
  for (let p = c.policies.find((q) => q.name === name); p && !chain.includes(p); p = c.policies.find((q) => q.name === p!.base)) chain.unshift(p);
  return chain;
}

export interface Set { value: number; formula: boolean }

const inForce = (p: Policy, date: string) => (!p.from || p.from <= date) && (!p.until || date < p.until);

export function policyValue(chain: Policy[], lever: Lever, cell: LeverCell, date: string): Set {
  let set: Set = { value: cell.value, formula: false };
  for (const p of chain) {
    if (!inForce(p, date)) continue;
    if (p.formulas?.includes(lever.name)) set = { value: set.value, formula: true };
    let last: Change | undefined;
    for (const x of p.changes) {
      if (sameCell(x, lever.name, cell.cell) && x.from <= date && (!last || x.from >= last.from)) last = x;
    }
    if (last) set = { value: last.value, formula: false };
  }
  return set;
}

/** On or off: politics between 0 and 1 that no policy ever sets to something in between. */
export function isSwitch(c: Corridor, lever: Lever): boolean {
  const whole = (x: number) => x === 0 || x === 1;
  return lever.layer === "politics" && lever.cells.every((x) => x.min === 0 && x.max === 1 && whole(x.value)) && lever.cells.length === 1
    && c.policies.every((p) => p.changes.every((x) => x.lever !== lever.name || whole(x.value)));
}

/** Held within the bounds of its cell, where it has any. */
export const within = (cell: LeverCell | undefined, value: number) => Math.min(cell?.max ?? value, Math.max(cell?.min ?? value, value));

const ordered = (changes: Change[]) =>
  [...changes].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));

/** The first of the person's changes takes the value; where there is none, one from `from` on. */
export function withValue(s: Scenario, lever: string, cell: string, value: number, from: string): Scenario {
  const at = s.changes.findIndex((x) => sameCell(x, lever, cell));
  if (at < 0) return { ...s, changes: ordered([...s.changes, { lever, cell, from, value }]) };
  return { ...s, changes: s.changes.map((x, i) => (i === at ? { ...x, value } : x)) };
}

export function withDate(s: Scenario, lever: string, cell: string, from: string): Scenario {
  const at = s.changes.findIndex((x) => sameCell(x, lever, cell));
  return { ...s, changes: ordered(s.changes.map((x, i) => (i === at ? { ...x, from } : x))) };
}

export const without = (s: Scenario, lever: string, cells: string[]): Scenario =>
  ({ ...s, changes: s.changes.filter((x) => x.lever !== lever || !cells.includes(x.cell)) });

export const replaced = (s: Scenario, at: number, change: Change | null): Scenario =>
  ({ ...s, changes: ordered(s.changes.flatMap((x, i) => (i === at ? (change ? [change] : []) : [x]))) });

export const sameScenario = (a: Scenario, b: Scenario) => JSON.stringify(a) === JSON.stringify(b);
