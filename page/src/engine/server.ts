/* The server behind the page, where there is one: docs/serve.md. */
import type { Answer, Band, Diagnostic, RunRequest, Series, Server, SourceFile } from "../contract";

interface About { edit: boolean; token: string; max_members: number }
interface State { state: "queued" | "running" | "done" | "failed" | "cancelled"; done: number; asked: number; error?: unknown }
type Numbers = Record<keyof Band, (number | null)[]>;
interface Told { members: number; asked: number; done: boolean; series: (Omit<Series, "base" | "other" | "difference"> & { base: Numbers; other: Numbers; difference: Numbers })[] }

const gone = "The server does not answer any more. The page goes on in the browser, with fewer members and without editing.";

export class ServerError extends Error {
  constructor(message: string, readonly status: number, readonly body: unknown) { super(message); }
}

const band = (b: Numbers): Band =>
  Object.fromEntries(Object.entries(b).map(([name, list]) => [name, Float64Array.from(list, (x) => x ?? NaN)])) as unknown as Band;

function answerOf(told: Told): Answer {
  const series = new Map(told.series.map((s): [string, Series] =>
    [`${s.observable}/${s.cell}`, { ...s, base: band(s.base), other: band(s.other), difference: band(s.difference) }]));
  return { members: told.members, asked: told.asked, done: told.done, where: "server", series };
}

/** The sentence in a refusal, with its hint. */
function sentence(body: unknown, status: number): string {
  const error = (body as { error?: { message?: string; path?: string; hint?: string } | string } | undefined)?.error;
  if (typeof error === "string") return error;
  if (!error?.message) return `the server refused this (${status})`;
  return `${error.path ? `${error.path}: ` : ""}${error.message}${error.hint ? ` (${error.hint})` : ""}`;
}

export class Connection {
  private was = new Map<string, string>();
  private constructor(private about: About) {}

  /** null where nothing answers like a server: a static page has the word null there. */
  static async find(): Promise<Connection | null> {
    try {
      const reply = await fetch("api/server");
      if (!reply.ok || !reply.headers.get("content-type")?.includes("json")) return null;
      const about = await reply.json();
      return typeof about?.token === "string" ? new Connection(about) : null;
    } catch {
      return null;
    }
  }

  get server(): Server { return { edit: this.about.edit === true, maxMembers: this.about.max_members ?? 0 }; }

  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = { "X-Paso-Token": this.about.token };
    if (method === "POST") headers["Content-Type"] = "application/json";
    const reply = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) })
      .catch(() => { throw new ServerError(gone, 0, undefined); });
    const text = await reply.text().catch(() => { throw new ServerError(gone, 0, undefined); });
    let json: unknown;
    try { json = text ? JSON.parse(text) : undefined; } catch { json = undefined; }
    if (!reply.ok) throw new ServerError(sentence(json, reply.status), reply.status, json);
    return json as T;
  }

  /** Answers as pairs are finished; ends when the run does, or rejects with a sentence. */
  async run(r: RunRequest, on: (a: Answer) => void, cancelled: Promise<void>): Promise<void> {
    const { id } = await this.ask<{ id: string | number }>("POST", "api/runs", r);
    const at = `api/runs/${encodeURIComponent(id)}`;
    let open = true, told = 0;
    const tell = async () => {
      const answer = await this.ask<Told | undefined>("GET", `${at}/answer`); // nothing before the first pair
      if (!answer || !open || (answer.members <= told && !answer.done)) return;
      told = answer.members;
      on(answerOf(answer));
    };
    try {
      await Promise.race([this.watch(at, r.first, tell), cancelled]);
    } finally {
      open = false;
      this.ask("DELETE", at).catch(() => undefined);
    }
  }

  private watch(at: string, first: number, tell: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      const events = new EventSource(`${at}/events`);
      let next = first, last = Promise.resolve();
      const end = (how: () => void) => { events.close(); how(); };
      events.onerror = () => end(() => reject(new Error(gone)));
      events.onmessage = (event) => {
        const s = JSON.parse(event.data) as State;
        if (s.state === "failed") return end(() => reject(new Error(sentence(s, 500))));
        if (s.state === "cancelled") return end(resolve);
        if (s.state === "done") events.close();
        else if (s.done < next) return;
        next = Math.max(2 * next, 2 * s.done);
        last = last.then(tell);
        last.then(s.state === "done" ? resolve : undefined, (error) => end(() => reject(error)));
      };
    });
  }

  async text(): Promise<SourceFile[]> {
    const { files } = await this.ask<{ files: (SourceFile & { was?: string })[] }>("GET", "api/text");
    this.was = new Map(files.map((f) => [f.file, f.was ?? ""]));
    return files.map(({ file, text }) => ({ file, text }));
  }

  async check(files: SourceFile[]): Promise<Diagnostic[]> {
    return (await this.ask<{ diagnostics: Diagnostic[] }>("POST", "api/check", { files })).diagnostics;
  }

  async apply(files: SourceFile[]): Promise<{ changed: boolean; diagnostics: Diagnostic[] }> {
    try {
      const { diagnostics } = await this.ask<{ diagnostics?: Diagnostic[] }>("POST", "api/apply", { files });
      return { changed: true, diagnostics: diagnostics ?? [] };
    } catch (error) {
      const found = error instanceof ServerError && (error.body as { diagnostics?: Diagnostic[] } | undefined)?.diagnostics;
      if (found) return { changed: false, diagnostics: found };
      throw error;
    }
  }

  async save(files: SourceFile[]): Promise<{ saved: string[]; error?: string }> {
    const body = { files: files.map((f) => ({ ...f, was: this.was.get(f.file) ?? "" })) };
    try {
      const { files: saved } = await this.ask<{ files: { file: string; was: string }[] }>("POST", "api/save", body);
      for (const f of saved) this.was.set(f.file, f.was);
      return { saved: saved.map((f) => f.file) };
    } catch (error) {
      const some = (error instanceof ServerError && (error.body as { files?: { file: string; was: string }[] } | undefined)?.files) || [];
      for (const f of some) this.was.set(f.file, f.was);
      return { saved: some.map((f) => f.file), error: error instanceof Error ? error.message : String(error) };
    }
  }
}
