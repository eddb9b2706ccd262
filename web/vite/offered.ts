import { readFileSync } from "node:fs";

const DOCUMENT = new URL("../../docs/api/openapi.json", import.meta.url);
interface Document {
  paths: Record<string, Record<string, { operationId?: string }>>;
}

/**
 * The names of the operations in the API document. A page whose part of the API is not there is not shown.
 * `MOLVA_OFFER=all` at build time shows everything.
 */
export function offered(): string[] {
  if (process.env.MOLVA_OFFER === "all") return ["*"];
  const document = JSON.parse(readFileSync(DOCUMENT, "utf8")) as Document;
  return Object.values(document.paths).flatMap((path) =>
    Object.values(path).flatMap(({ operationId }) => operationId ?? []),
  );
}
