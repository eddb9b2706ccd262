// Whether the API document has an operation: pages whose part of the API is not there are not shown, and not tested.
import { readFileSync } from "node:fs";

const document = readFileSync(new URL("../../docs/api/openapi.json", import.meta.url), "utf8");

/** Why a test is left out, or `false`. `MOLVA_OFFER=all` leaves out none; the build must have been made with it too. */
export function without(...operations) {
  if (process.env.MOLVA_OFFER === "all") return false;
  const missing = operations.filter((name) => !document.includes(`"operationId": "${name}"`));
  return missing.length > 0 && `the API has no ${missing.join(", ")} yet`;
}
