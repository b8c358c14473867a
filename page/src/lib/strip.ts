/* Names of dates in the strip above a chart: a row for each, so that none covers what is drawn. */
export interface Mark { label: string; x: number; width: number }

/** From the top row down, and where each name begins. A date's line ends beneath its name, so the lines of
 * the rows above run through a row. The first date is on top; where its line would cross another's name, which
 * has no room to the right, the last one is, and names that its line would cross end at their own. */
export function rowsOf(marks: Mark[], right: number): (Mark & { at: number })[] {
  const rows = [...marks].sort((a, b) => a.x - b.x).map((m) => ({ ...m, at: Math.min(m.x, right - m.width) }));
  const crossed = (row: number) => rows.slice(0, row).some((above) => above.x > rows[row].at && above.x < rows[row].at + rows[row].width);
  if (rows.some((_, row) => crossed(row))) rows.reverse();
  rows.forEach((m, row) => { if (crossed(row)) m.at = m.x - m.width; });
  return rows;
}
