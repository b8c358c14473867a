/* All tests of the page, in one process and one browser. */
await import("./visits.mjs");
