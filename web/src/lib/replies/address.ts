import { one } from "~/lib/search-params";

/** Shelves of the outbox, those that wait for a person first, and the states that lie on each. */
export const SHELVES = {
  approve: ["awaiting_approval"],
  unsure: ["unsure"],
  refused: ["refused"],
  going: ["waiting", "sending", "retrying"],
  sent: ["sent"],
  cancelled: ["cancelled"],
} as const;

export type Shelf = keyof typeof SHELVES;
export const SHELF_NAMES = Object.keys(SHELVES) as Shelf[];

/** What the address of the outbox says: the shelf, absent for the first. */
export function readOutbox(raw: Record<string, unknown>): { shelf?: Shelf } {
  const named = SHELF_NAMES.find((name) => name === one(raw.shelf));
  return named && named !== "approve" ? { shelf: named } : {};
}
