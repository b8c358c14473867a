/* Whether a number rests on politics, as the command marks it: not because it could, but because a
 * policy or the reader has moved politics from its default. */
import type { Change, Corridor, Observable, Scenario } from "../contract";

function moves(c: Corridor, x: Change, program: number, observable: string): boolean {
  const lever = c.levers.find((l) => l.name === x.lever), cell = lever?.cells.find((y) => y.cell === x.cell);
  return cell !== undefined && x.value !== cell.value && (lever?.reaches?.[program]?.includes(observable) ?? false);
}

export function restsOnPolitics(c: Corridor, observable: string, scenarios: Scenario[], until: string): boolean {
  return scenarios.some((s) => {
    const under = c.politics[s.policy];
    return under?.rests.includes(observable) || s.changes.some((x) => x.from < until && moves(c, x, under?.program ?? 0, observable));
  });
}

export const layerOf = (o: Observable, political: boolean) => (political ? "politics" : o.calm);
