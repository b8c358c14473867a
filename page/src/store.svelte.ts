/* The state of the page, in one place. Components read it and call its methods; nothing else holds
 * what matters. */
import type { Answer, Change, Claims, Corridor, Engine, Lever, LeverCell, Observable, Policy, Running, RunRequest, Scenario, Series, Server, Text } from "./contract";
import { createEngine } from "./engine";
import { isSame, strongest } from "./lib/effect";
import { restsOnPolitics } from "./lib/politics";
import { plain } from "./lib/number";
import { isDate, nextMonth, periodAt } from "./lib/date";
import { chainOf, policyValue, replaced, sameCell, sameScenario, withDate, within, without, withValue } from "./lib/policy";
import { readShared, writeShared, type Shared } from "./lib/share";
import { words, type Lang } from "./words";

export type Theme = "auto" | "light" | "dark";
export type Guess = Partial<Pick<RunRequest, "base" | "other">>;
type State = "idle" | "running" | "done" | "stopped" | "failed";
const firstPairs = 20, usualMembers = 200, debounce = 20, mostGuesses = 2;

const stored = (key: string) => { try { return localStorage.getItem(key); } catch { return null; } };
const keep = (key: string, value: string) => { try { localStorage.setItem(key, value); } catch { /* private window */ } };

function usual(c: Corridor): Shared {
  const policy = usualPolicy(c);
  const scenario = (): Scenario => ({ policy, changes: [] });
  const start = nextMonth(c.clock.facts > c.from ? c.clock.facts : c.from);
  return {
    base: scenario(), other: scenario(), date: "", start: start < c.until ? start : c.from, until: c.until,
    members: c.stored || usualMembers, lang: browserLang(), observable: "", cell: "", mapped: "",
  };
}

const browserLang = (): Lang => (navigator.language.startsWith("es") ? "es" : "en");

/* The policy that most others start from. */
function usualPolicy(c: Corridor): string {
  const uses = (p: Policy) => c.policies.filter((q) => q.base === p.name).length;
  return [...c.policies].sort((a, b) => uses(b) - uses(a))[0]?.name ?? "";
}

class Store {
  engine: Engine = createEngine();
  corridor = $state.raw<Corridor | null>(null);
  server = $state.raw<Server | null>(null);
  /* Most members of a run; null while the engine still starts. */
  most = $state.raw<{ browser: number; server: number } | null>(null);
  /* null until they are there, "none" where they could not be had, "mixed" where they are of another corridor. */
  claims = $state.raw<Claims | "none" | "mixed" | null>(null);
  broken = $state("");
  lang = $state<Lang>("en");
  theme = $state<Theme>("auto");
  dark = $state(false);

  base = $state.raw<Scenario>({ policy: "", changes: [] });
  other = $state.raw<Scenario>({ policy: "", changes: [] });
  start = $state("");
  until = $state("");
  members = $state(usualMembers);
  chosen = $state("");
  chosenCell = $state("");
  mapped = $state("");
  picked = $state("");

  answer = $state.raw<Answer | null>(null);
  state = $state<State>("idle");
  failure = $state("");
  /* Members of the present run that are shown; 0 while what is shown is of the one before. */
  got = $state(0);
  #running: Running | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #usual: Shared | undefined;

  stale = $derived(this.got === 0 && this.answer !== null);
  w = $derived({ ...words[this.lang], units: { ...words[this.lang].units, ...this.#unitNames(this.lang) } });
  same = $derived(sameScenario(this.base, this.other));
  baseChain = $derived(this.corridor ? chainOf(this.corridor, this.base.policy) : []);
  chain = $derived(this.corridor ? chainOf(this.corridor, this.other.policy) : []);
  baseName = $derived(this.nameOf(this.base));
  otherName = $derived(this.nameOf(this.other));
  /* What differs most, when nobody has chosen: looked for anew when other levers have moved. */
  auto = $state("");
  autoDate = $state("");
  #autoFor = "";
  observable = $derived.by<Observable | undefined>(() => {
    const c = this.corridor;
    return c?.observables.find((o) => o.name === (this.chosen || this.auto)) ?? c?.observables.find((o) => o.headline) ?? c?.observables[0];
  });
  cell = $derived(this.observable ? this.cellOf(this.observable) : "");
  cellLabel = $derived.by(() => (this.cell ? this.t(this.observable?.cells.find((x) => x.cell === this.cell)?.label) : ""));
  series = $derived(this.observable && this.seriesOf(this.observable, this.cell));
  dates = $derived(this.series?.dates ?? []);
  monthly = $derived.by(() => {
    const all: string[] = [];
    for (let d = this.corridor?.from ?? ""; d && d < this.until; d = nextMonth(d)) all.push(d);
    return all;
  });
  date = $derived(this.picked || this.autoDate || this.monthly.at(-1) || this.until);
  request = $derived.by<RunRequest | null>(() => this.corridor && {
    base: this.base, other: this.other, members: this.members, seed: String(this.corridor.seed ?? 1), until: this.until, first: Math.min(firstPairs, this.members),
  });

  /* What a pointer that has settled, and the keyboard, are about to change; null: they rest elsewhere. */
  pointed = $state.raw<(() => Guess[]) | null>(null);
  held = $state.raw<(() => Guess[]) | null>(null);
  keyed = false;                            // the reader was last at the keys, not the pointer
  likely = $derived.by<RunRequest[]>(() => {
    const now = this.request;
    if (!now) return [];
    const pointed = this.pointed?.() ?? [], held = this.held?.() ?? [];
    const all = (this.keyed ? [...held, ...pointed] : [...pointed, ...held]).map((change) => ({ ...now, ...change }));
    return all.filter((r) => !sameScenario(r.base, now.base) || !sameScenario(r.other, now.other)).slice(0, mostGuesses);
  });

  #unitNames(lang: Lang): Record<string, string> {
    return Object.fromEntries(Object.entries(this.corridor?.units ?? {}).map(([unit, text]) => [unit, text[lang]]));
  }

  political = (o: Observable) => this.corridor !== null && restsOnPolitics(this.corridor, o.name, [this.base, this.other], this.until);

  t = (text: Text | null | undefined) => (text ? text[this.lang] || text.en : "");

  nameOf(s: Scenario): string {
    const name = this.t(this.corridor?.policies.find((p) => p.name === s.policy)?.label) || this.w.noPolicy;
    return s.changes.length ? this.w.withMoves(name, s.changes.length) : name;
  }

  /* The moves themselves, where they are few. */
  otherLong = $derived.by(() => {
    const few = 2, name = this.t(this.corridor?.policies.find((p) => p.name === this.other.policy)?.label) || this.w.noPolicy;
    if (!this.other.changes.length || this.other.changes.length > few) return this.otherName;
    const moves = this.other.changes.map((x) => {
      const lever = this.corridor?.levers.find((l) => l.name === x.lever), cell = lever?.cells.find((y) => y.cell === x.cell);
      return `${[this.t(lever?.label), this.t(cell?.label)].filter(Boolean).join(", ")}: ${plain(this.lang, x.value)}`;
    });
    return [name, ...moves].join("; ");
  });

  cellOf(o: Observable): string {
    if (o.name === this.chosen && this.chosenCell) return this.chosenCell;
    return o.total || o.cells.length === 0 ? "" : o.cells[0].cell;
  }

  seriesOf(o: Observable, cell: string): Series | undefined {
    return this.answer?.series.get(`${o.name}/${cell}`);
  }

  at(s: Series | undefined): number { return s ? periodAt(s.dates, this.date) : -1; }

  fail(error: unknown): void { this.broken = error instanceof Error ? error.message : String(error); }

  async load(): Promise<void> {
    this.broken = "";
    try {
      const c = await this.engine.corridor();
      this.open(c, location.hash);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.server = await this.engine.server();
    /* Where the engine does not start, the run says why. */
    this.most = await this.engine.maxMembers().catch(() => null);
  }

  open(c: Corridor, hash: string): void {
    this.#usual = usual(c);
    const s = readShared(c, hash, this.#usual);
    this.corridor = c;
    this.base = s.base;
    this.other = s.other;
    this.start = s.start;
    this.until = s.until;
    this.members = s.members;
    this.chosen = s.observable;
    this.chosenCell = s.cell;
    this.mapped = s.mapped;
    this.picked = s.date;
    if (s.lang) this.lang = s.lang;
  }

  /** What the published figures are held against; the server runs it after all else. */
  async loadClaims(): Promise<void> {
    const c = this.corridor;
    this.claims = null;
    const reply = await fetch("data/claims.json", { cache: "no-cache" }).catch(() => undefined);
    const found = reply?.ok ? await (reply.json() as Promise<Claims>).catch(() => undefined) : undefined;
    if (c !== this.corridor) return;        // what is shown by now asks for its own
    this.claims = !found ? "none" : found.hash === c?.hash ? found : "mixed";
  }

  /** The corridor anew, after its text has changed; what is set stays where it still can. */
  async reopen(): Promise<void> {
    const hash = this.hash();
    this.answer = null;
    this.open(await this.engine.corridor(), hash);
  }

  setUp(): void {
    const lang = /[#&]lang=(en|es)\b/.exec(location.hash)?.[1] ?? stored("paso.lang");
    this.lang = lang === "es" || lang === "en" ? lang : browserLang();
    const theme = stored("paso.theme");
    this.setTheme(theme === "light" || theme === "dark" ? theme : "auto");
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.setTheme(this.theme));
  }

  setLang(lang: Lang): void {
    this.lang = lang;
    keep("paso.lang", lang);
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
    document.documentElement.dataset.theme = this.dark ? "dark" : "light";
    keep("paso.theme", theme);
  }

  /* ---- running ---- */

  ask(r: RunRequest): void {
    const overtakes = this.state === "running", tooMany = this.most !== null && r.members > Math.max(this.most.browser, this.most.server);
    clearTimeout(this.#waiting);
    this.#running?.cancel(overtakes && !tooMany);
    this.failure = "";
    this.got = 0;
    if (tooMany) {
      this.state = "failed";
      this.failure = "tooMany";
      return;
    }
    this.state = "running";
    if (overtakes) this.#waiting = setTimeout(() => this.#run(r), debounce);
    else this.#run(r);                      // a single move need not wait for the next
  }

  #run(r: RunRequest): void {
    const mine: Running = this.engine.run(r, (a) => {
      if (this.state !== "running" || this.#running !== mine) return;
      this.answer = a;
      this.got = a.members;
      this.#point(r, a);
      if (a.done) this.state = "done";
    }, (message) => {
      if (this.#running !== mine) return;
      this.state = "failed";
      this.failure = message;
    });
    this.#running = mine;
  }

  #point(r: RunRequest, a: Answer): void {
    const moved = JSON.stringify([r.base, r.other].map((s) => [s.policy, s.changes.map((x) => x.lever)]));
    const shown = this.observable && this.seriesOf(this.observable, this.cell);
    if (this.#autoFor === moved && shown && !isSame(shown)) return;
    this.#autoFor = moved;
    const found = this.corridor && strongest(this.corridor, a);
    this.auto = found?.name ?? this.auto;
    this.autoDate = found?.date ?? "";
  }

  stop(): void {
    clearTimeout(this.#waiting);
    this.#running?.cancel();
    this.#running = undefined;
    if (this.state === "running") this.state = "stopped";
  }

  /** While the answer stands: the first answers of what comes next. Keys follow each other faster
   * than all members come, so that the next one's do not wait for these. */
  lookAhead(likely: RunRequest[]): void {
    if (document.visibilityState !== "visible") return this.engine.ahead([], false);
    if (this.state === "done") this.engine.ahead(likely, false);
    if (this.state === "running") this.engine.ahead(this.keyed ? likely : [], this.keyed);
  }

  again(): void { if (this.request) this.ask(this.request); }

  /* ---- moving ---- */

  valueOf(lever: Lever, cell: LeverCell): number {
    const mine = this.changeOf(lever, cell);
    return mine ? mine.value : this.policyOf(lever, cell).value;
  }
  changeOf = (lever: Lever, cell: LeverCell): Change | undefined => this.other.changes.find((x) => sameCell(x, lever.name, cell.cell));
  policyOf = (lever: Lever, cell: LeverCell) => policyValue(this.chain, lever, cell, this.changeOf(lever, cell)?.from ?? this.start);

  moved(lever: Lever, cells: LeverCell[], value: number): Scenario {
    return cells.reduce((s, cell) => withValue(s, lever.name, cell.cell, within(cell, value), this.start), this.other);
  }
  move(lever: Lever, cells: LeverCell[], value: number): void {
    if (Number.isFinite(value)) this.other = this.moved(lever, cells, value);
  }
  /** Days on which a change may take force; others leave things as they are. */
  isDay = (iso: string) => isDate(iso) && iso >= (this.corridor?.from ?? "") && iso < this.until;
  setStart(from: string): void { if (this.isDay(from)) this.start = from; }
  moveDate(lever: Lever, cells: LeverCell[], from: string): void {
    if (!this.isDay(from)) return;
    for (const cell of cells) this.other = withDate(this.other, lever.name, cell.cell, from);
  }
  reset(lever: Lever, cells: LeverCell[]): void { this.other = without(this.other, lever.name, cells.map((x) => x.cell)); }
  resetAll(): void { this.other = { ...this.other, changes: [] }; }
  replace(at: number, change: Change): void {
    const cell = this.corridor?.levers.find((l) => l.name === change.lever)?.cells.find((x) => x.cell === change.cell);
    if (this.isDay(change.from) && Number.isFinite(change.value)) this.other = replaced(this.other, at, { ...change, value: within(cell, change.value) });
  }
  remove(at: number): void { this.other = replaced(this.other, at, null); }
  add(change: Change): void { this.other = replaced({ ...this.other, changes: [...this.other.changes, change] }, -1, null); }
  withPolicy = (side: "base" | "other", policy: string) => ({ [side]: { ...this[side], policy } });
  setPolicy(side: "base" | "other", policy: string): void { this[side] = this.withPolicy(side, policy)[side]; }
  setUntil(until: string): void {
    const c = this.corridor;
    if (c && isDate(until) && until > nextMonth(c.from) && until <= c.clock.end) this.until = until;
    if (this.picked > this.until) this.picked = "";
  }
  swap(): void { [this.base, this.other] = [this.other, this.base]; }
  keepAsBase(): void { this.base = this.other; }

  show(observable: string, cell = ""): void {
    this.chosen = observable;
    this.chosenCell = cell;
  }

  hash(): string {
    if (!this.#usual) return "";
    const { base, other, start, until, members, mapped } = this;
    return writeShared({ base, other, start, until, members, mapped, date: this.picked, lang: this.lang, observable: this.chosen, cell: this.chosenCell }, this.#usual);
  }
}

export const app = new Store();
