/* Members dealt over the workers in pieces, base and other in pairs with the same luck. */
import type { Corridor, RunRequest, Scenario } from "../contract";
import type { Hand } from "./crew";
import { keepMembers, type Kept } from "./members";
import type { Plan } from "./module";

const smallest = 4;              // members of a piece: fewer would mostly pay for the days themselves
const keepBytes = 112 * 2 ** 20; // of a worker, for the members of the first answer
const usual = 32;                // and once the first answer is out, as many as run fastest side by side

/** hand: the number of the worker that keeps these members ready for the next move; -1: any. guess:
 * nobody has asked for it yet. */
export interface Piece { into: Kept; plan: Plan; seed: string; first: number; n: number; hand: number; guess?: true }

export const day = (iso: string) => Math.round(Date.parse(`${iso}T00:00:00Z`) / 86400000);

export function planOf(c: Corridor, s: Scenario, until: string): Plan {
  const policy = c.policies.findIndex((p) => p.name === s.policy);
  if (policy < 0 && c.policies.length) throw new Error(`no policy ${s.policy}`);
  const steps = s.changes.map((change) => {
    const lever = c.levers.findIndex((l) => l.name === change.lever);
    const cell = lever < 0 ? -1 : c.levers[lever].cells.findIndex((x) => x.cell === change.cell);
    if (cell < 0) throw new Error(`no lever ${change.lever} ${change.cell}`);
    return { lever, cell, day: day(change.from), value: change.value * c.levers[lever].scale };
  });
  return { policy: Math.max(0, policy), steps, from: day(c.from), until: day(until), knownUntil: day(c.clock.now) };
}

/** Both scenarios of a request as the engine takes them, each with the key of its members. */
export const sidesOf = (c: Corridor, r: RunRequest) => [r.base, r.other].map((s): [string, Plan] => {
  const plan = planOf(c, s, r.until);
  return [`${r.seed} ${JSON.stringify(plan)}`, plan];
});

/** All pieces of a run, pairs first: base and other of the same members follow each other. One round
 * of all workers brings the first answer where only one scenario is new. Its members are dealt alike
 * whatever follows them, so that each worker meets its own again, of a guess or of a run. */
export function piecesOf(sides: Map<Kept, Plan>, r: RunRequest, workers: number): Piece[] {
  const pieces: Piece[] = [], small = Math.max(smallest, Math.ceil(r.first / workers));
  for (let first = 0, n; first < r.members; first += n) {
    const hand = first < r.first ? Math.floor(first / small) % workers : -1;
    n = hand < 0 ? Math.min(usual, r.members - first) : Math.min(small, Math.min(r.first, r.members) - first);
    for (const [into, plan] of sides) pieces.push({ into, plan, seed: r.seed, first, n, hand });
  }
  return pieces;
}

/** What of a piece is not there yet. */
function missing(p: Piece): Piece | undefined {
  let first = p.first, end = p.first + p.n;
  for (; first < end && p.into.members[first]; first++);
  return first < end ? { ...p, first, n: end - first } : undefined;
}

const isSame = (a: Piece, b: Piece) => a.into === b.into && a.first === b.first && a.n === b.n && a.hand === b.hand;

/** The workers and what each of them is at. */
export class Crew {
  private under = new Map<Hand, { piece: Piece; end: Promise<boolean> }>();
  constructor(readonly hands: Hand[], private observables: number) {}

  /** Ends what is under way; a piece that is wanted goes on where it is kept. */
  stop(wanted: Piece[] = []): void {
    for (const hand of this.hands) {
      const now = this.under.get(hand)?.piece;
      if (!now || now.hand < 0 || !wanted.some((p) => isSame(p, now))) hand.stop();
    }
  }

  end(): void { this.hands.forEach((h) => h.end()); }

  private async run(hand: Hand, p: Piece): Promise<boolean> {
    const keep = p.hand < 0 ? 0 : keepBytes;
    try {
      const told = await hand.tell({ kind: "run", plan: p.plan, seed: p.seed, first: p.first, n: p.n, keep, observables: this.observables });
      if (told.kind === "ran") keepMembers(p.into, p.first, p.n, told.values, told.layout);
      return told.kind === "ran";
    } finally {
      this.under.delete(hand);
    }
  }

  /** Runs what is missing of the pieces while `goesOn`; `told` after every one, and its worker goes on
   * when that is done. Each first comes to the end of what it is at, so stop what is not wanted. A guess
   * that breaks is passed over: it breaks aloud when it is asked for. */
  async deal(pieces: Piece[], goesOn: () => boolean, told: () => unknown): Promise<void> {
    const left = [...pieces];
    let broken = false;
    const next = (number: number): Piece | undefined => {
      const at = left.findIndex((p) => p.hand < 0 || p.hand === number);
      return at < 0 ? undefined : missing(left.splice(at, 1)[0]) ?? next(number);
    };
    const work = async (hand: Hand, number: number) => {
      await this.under.get(hand)?.end.catch(() => undefined);
      await told();
      while (goesOn() && !broken) {
        const piece = next(number);
        if (!piece) return;
        const end = this.run(hand, piece);
        this.under.set(hand, { piece, end });
        if (!await (piece.guess ? end.catch(() => true) : end)) return;
        await told();
      }
    };
    const ends = await Promise.allSettled(this.hands.map((h, number) => work(h, number).catch((error) => { broken = true; throw error; })));
    for (const end of ends) if (end.status === "rejected") throw end.reason;
  }
}
