/* All tests of the page, in one process and one browser. */
import { clearUp } from "./lab.mjs";

await import("./visits.mjs");
await import("./served.mjs");
await import("./marks.mjs");
await import("./broken.mjs");
await import("./ahead.mjs");
clearUp();
