/* What a link holds: policies, moves, dates, what is shown. Anything the corridor does not know is
 * left out, so that an old link opens what it still can. */
import type { Change, Corridor, Scenario } from "../contract";
import type { Lang } from "../words";
import { isDate } from "./date";
import { within } from "./policy";

export interface Shared {
  base: Scenario; other: Scenario; date: string; start: string; until: string; members: number; lang: Lang | null; observable: string; cell: string; mapped: string;
}

const mostChanges = 500; // of a scenario, as on the server

const writeChange = (c: Change) => `${c.lever}${c.cell && `[${c.cell}]`}@${c.from}=${c.value}`;

function readChange(c: Corridor, text: string): Change[] {
  const found = /^([^[@]+)(?:\[([^\]]*)\])?@(\d{4}-\d\d-\d\d)=(-?[\d.e+-]+)$/.exec(text);
  if (!found) return [];
  const [, lever, cell = "", from, number] = found, value = Number(number);
  const known = c.levers.find((x) => x.name === lever)?.cells.find((x) => x.cell === cell);
  if (!known || !isDate(from) || from < c.clock.start || from > c.clock.end || !Number.isFinite(value)) return [];
  return [{ lever, cell, from, value: within(known, value) }];
}

export function writeShared(s: Shared, first: Shared): string {
  const out = new URLSearchParams();
  const put = (key: string, value: string, usual: string) => { if (value !== usual) out.append(key, value); };
  put("policy", s.other.policy, first.other.policy);
  put("against", s.base.policy, first.base.policy);
  for (const c of s.other.changes) out.append("set", writeChange(c));
  for (const c of s.base.changes) out.append("against-set", writeChange(c));
  put("show", s.observable, "");
  put("cell", s.cell, "");
  put("map", s.mapped, "");
  put("date", s.date, first.date);
  put("start", s.start, first.start);
  put("until", s.until, first.until);
  put("members", String(s.members), String(first.members));
  if (s.lang && (s.lang !== first.lang || out.size)) out.append("lang", s.lang);
  return out.toString().replace(/%5B/g, "[").replace(/%5D/g, "]").replace(/%40/g, "@").replace(/%3D/g, "=").replace(/%2C/g, ",");
}

export function readShared(c: Corridor, hash: string, first: Shared): Shared {
  const q = new URLSearchParams(hash.replace(/^#/, ""));
  const policy = (key: string, usual: string) => {
    const name = q.get(key) ?? usual;
    return c.policies.some((p) => p.name === name) ? name : usual;
  };
  const date = (key: string, usual: string) => {
    const text = q.get(key) ?? "";
    return isDate(text) && text >= c.clock.start && text <= c.clock.end ? text : usual;
  };
  const scenario = (usual: Scenario, policyKey: string, setKey: string): Scenario =>
    ({ ...usual, policy: policy(policyKey, usual.policy), changes: q.getAll(setKey).slice(0, mostChanges).flatMap((x) => readChange(c, x)) });
  const lang = q.get("lang"), members = Math.round(Number(q.get("members")));
  const asked = date("until", first.until), until = asked > c.from ? asked : first.until;
  const start = date("start", first.start);
  const observable = c.observables.find((o) => o.name === q.get("show")), cell = q.get("cell") ?? "";
  return {
    base: scenario(first.base, "against", "against-set"), other: scenario(first.other, "policy", "set"),
    date: date("date", first.date), start: start >= c.from && start < until ? start : first.start, until,
    members: members >= 1 && members <= 1e6 ? members : first.members,
    lang: lang === "en" || lang === "es" ? lang : null,
    observable: observable?.name ?? "", cell: observable?.cells.some((x) => x.cell === cell) ? cell : "",
    mapped: c.observables.some((o) => o.name === q.get("map")) ? q.get("map")! : "",
  };
}
