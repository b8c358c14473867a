/* Members' numbers that were run, by scenario and seed: a scenario that did not change costs nothing
 * when another one does. What is kept is bounded in bytes; the oldest goes first. */
import type { Corridor } from "../contract";
import type { Values } from "./bands";
import type { Slot } from "./module";

const mostBytes = 384 * 2 ** 20;
const mostScenarios = 8;

/** layout: of a member's numbers, empty until one has come. guess: run ahead of being asked for. */
export interface Kept { members: (Float64Array | undefined)[]; layout: Slot[]; bytes: number; guess: boolean }

export const widthOf = (layout: Slot[]) => layout.reduce((n, s) => n + s.cells * s.days.length, 0);

/** Most members of a run whose two scenarios can both be kept. */
export const mostMembers = (width: number) => Math.max(20, Math.min(2000, Math.floor(mostBytes / (16 * Math.max(1, width)))));

export class Members {
  private all = new Map<string, Kept>();

  /** Those of a scenario that is asked for, now the youngest. */
  of(key: string): Kept {
    const found = this.guess(key);
    found.guess = false;
    this.all.delete(key);
    this.all.set(key, found);
    return found;
  }

  /** Those of a scenario that may be asked for. */
  guess(key: string): Kept {
    const found = this.all.get(key) ?? { members: [], layout: [], bytes: 0, guess: true };
    this.all.set(key, found);
    return found;
  }

  /** Drops the guesses that nobody has asked for, but for these. */
  forget(but: Set<Kept>): void {
    for (const [key, kept] of this.all) if (kept.guess && !but.has(kept)) this.all.delete(key);
  }

  /** Drops the oldest beyond the bounds, never the two youngest. Guesses are few and go by themselves. */
  trim(): void {
    const asked = [...this.all].filter(([, kept]) => !kept.guess);
    let bytes = asked.reduce((n, [, kept]) => n + kept.bytes, 0), left = asked.length;
    for (const [key, kept] of asked) {
      if (left <= 2 || (bytes <= mostBytes && left <= mostScenarios)) return;
      bytes -= kept.bytes;
      left--;
      this.all.delete(key);
    }
  }

  clear(): void { this.all.clear(); }
}

/** Members `first` to `first + n - 1` have come, `values` one after the other. */
export function keepMembers(into: Kept, first: number, n: number, values: Float64Array, layout: Slot[]): void {
  const width = values.length / n;
  into.layout = layout;
  into.bytes += values.byteLength;
  for (let m = 0; m < n; m++) into.members[first + m] = values.subarray(m * width, (m + 1) * width);
}

export function pairsDone(a: Kept, b: Kept, members: number): number {
  let n = 0;
  while (n < members && a.members[n] && b.members[n]) n++;
  return n;
}

/** Numbers of an observable in the unit that the corridor wrote; a total adds cells in their order. */
export function valuesOf(c: Corridor, kept: Kept, observable: number): Values {
  const slot = kept.layout[observable], periods = slot.days.length, scale = c.observables[observable].scale;
  const members = kept.members;
  const one = (m: number, cell: number, k: number) => members[m]![slot.at + cell * periods + k] / scale;
  return (m, cell, k) => {
    if (cell >= 0) return one(m, cell, k);
    let sum = 0;
    for (let i = 0; i < slot.cells; i++) sum += one(m, i, k);
    return sum;
  };
}
