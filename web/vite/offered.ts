import { readFileSync } from "node:fs";

const DOCUMENT = new URL("../../docs/api/openapi.json", import.meta.url);
/** Shapes whose properties a page may wait for. */
const SHAPES = ["Mention", "Selection"];

interface Document {
  paths: Record<string, Record<string, { operationId?: string }>>;
  components: { schemas: Record<string, { properties?: Record<string, unknown> } | undefined> };
}

/**
 * What the API document offers: the names of its operations, and `Shape.property` of a few shapes. A page whose part of the
 * API is not there is not shown. `MOLVA_OFFER=all` at build time shows everything.
 */
export function offered(): string[] {
  if (process.env.MOLVA_OFFER === "all") return ["*"];
  const document = JSON.parse(readFileSync(DOCUMENT, "utf8")) as Document;
  const operations = Object.values(document.paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => operationId ?? []),
  );
  const properties = SHAPES.flatMap((shape) =>
    Object.keys(document.components.schemas[shape]?.properties ?? {}).map((property) => `${shape}.${property}`),
  );
  return [...operations, ...properties];
}
