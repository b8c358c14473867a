/* What the engine and the server say, in the reader's language. They speak English; here is the Spanish
 * of what the page itself can be told. Mistakes in a corridor's text are in mistakes.ts. */
import type { Lang } from "../words";

type Said = [RegExp, string];
/* $1 and on are what the English one holds there. */
const spanish: Said[] = [
  [/^the page's files are not of one version \((.*)\).*$/, "los archivos de la página no son de una misma versión ($1): vuelva a cargarla, o escríbala de nuevo con paso site"],
  [/^the page broke down \((.*)\)$/, "la página se detuvo por una falla ($1)"],
  [/^the browser gives no more memory(?:: .*)?$/, "el navegador no da más memoria: corra menos miembros"],
  [/^the engine refused these settings \((.*)\)$/, "el motor rechazó estos ajustes ($1)"],
  [/^the engine's answer was lost$/, "se perdió la respuesta del motor"],
  [/^the engine did not start(?: \((.*)\))?$/, "el motor no arrancó ($1)"],
  [/^the engine broke down \((.*)\)$/, "el motor se detuvo por una falla ($1)"],
  [/^the engine is not open$/, "el motor no está abierto"],
  [/^(.*) could not be read \(no connection\)$/, "no se pudo leer $1 (sin conexión)"],
  [/^(.*) could not be read \((.*)\)$/, "no se pudo leer $1 ($2)"],
  [/^This page has no server: paso serve shows it with one\.$/, "Esta página no tiene servidor: paso serve la muestra con uno."],
  [/^a run needs at least one member$/, "una corrida necesita al menos un miembro"],
  [/^At most (\d+) members run in the browser\. .*$/, "En el navegador corren a lo más $1 miembros. Más: con paso serve, o con paso compare en la línea de comandos."],
  [/^At most (\d+) members of one run\. .*$/, "Una corrida tiene a lo más $1 miembros. Más: con paso compare en la línea de comandos."],
  [/^Another run began before the table was ready\. .*$/, "Empezó otra corrida antes de que la tabla estuviera lista. Pídala de nuevo."],
  [/^no members' numbers$/, "no hay números de los miembros"],
  [/^the server keeps no members' numbers, .*$/, "el servidor no guarda los números de cada miembro, que hacen falta para los cuantiles de Hubverse: corra menos miembros, o use paso export"],
  [/^the server refused this \((.*)\)$/, "el servidor lo rechazó ($1)"],
  [/^[Tt]he server (?:does not answer|is gone|went away).*$/, "el servidor no responde"],
  [/^the stored members are not ready(?: \(ask again\))?$/, "los miembros guardados todavía no están listos (pida de nuevo)"],
  [/^a check of the model failed: member (\d+): (.*)$/, "falló una comprobación del modelo: miembro $1: $2"],
  [/^no memory$/, "no hay memoria"],
  [/^8 runs wait already(?: \(.*\))?$/, "ya esperan ocho corridas: cancele una o pida más tarde"],
  [/^cannot be written: (.*)$/, "no se puede escribir: $1"],
  [/^the corridor was changed before the run began$/, "el corredor cambió antes de que empezara la corrida"],
  [/^the corridor was changed since this page was opened(?: \(.*\))?$/, "el corredor cambió desde que se abrió esta página: vuelva a cargarla"],
  [/^expected the token of this server(?: \(reload the page\))?$/, "el servidor arrancó de nuevo: vuelva a cargar la página"],
  [/^this server was started with --read-only$/, "este servidor arrancó con --read-only"],
  [/^a shipped corridor is not saved over(?: \(.*\))?$/, "un corredor incluido no se sobrescribe (copie su carpeta y sirva la copia)"],
  [/^(?:.*: )?the file on the disk is not what was read(?: \(.*\))?$/, "el archivo en el disco no es el que se leyó: alguien más lo cambió; guarde una copia del suyo y empiece de nuevo"],
];

/** The browser goes on by itself then. */
export const isGone = (text: string) => /^The server does not answer/.test(text);

/** The sentence itself where it is not known. */
export function said(lang: Lang, text: string): string {
  if (lang === "en") return text;
  for (const [english, es] of spanish) {
    const found = english.exec(text);
    if (found) return es.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? "").replace(" ()", "");
  }
  return text;
}
