/** Operations of the API document, written in at build time by `vite/offered.ts`. */
declare const __OFFERED__: readonly string[];

const known: ReadonlySet<string> = new Set(typeof __OFFERED__ === "undefined" ? ["*"] : __OFFERED__);

/** Whether the server has an operation, by its name. */
export function offers(name: string): boolean {
  return known.has("*") || known.has(name);
}
