/** Operations and properties of the API document, written in at build time by `vite/offered.ts`. */
declare const __OFFERED__: readonly string[];

const known: ReadonlySet<string> = new Set(typeof __OFFERED__ === "undefined" ? ["*"] : __OFFERED__);

/** Whether the server has a part of the API: the name of an operation, or `Shape.property`. */
export function offers(name: string): boolean {
  return known.has("*") || known.has(name);
}
