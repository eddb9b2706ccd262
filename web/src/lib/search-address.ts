import { isPeriodName, type PeriodChoice } from "./period";
import { one } from "./search-params";
import { type Choice, readChoice } from "./selection";

export const ORDERS = ["newest", "oldest", "reach", "relevance"] as const;
export type Order = (typeof ORDERS)[number];

/** The address of the search page: what is chosen, how it is sorted, what is open, and what the timeline shows. */
export interface SearchAddress extends Choice {
  order?: Order;
  mention?: string;
  /** The period around the brush: its name, `all`, or moments as `from..to`. Only while a part of it is brushed. */
  frame?: string;
}

const ALL = "all";

export function readSearchAddress(raw: Record<string, unknown>): SearchAddress {
  const found: SearchAddress = readChoice(raw);
  const order = one(raw.order);
  if (order !== "newest" && (ORDERS as readonly string[]).includes(order ?? "")) found.order = order as Order;
  const mention = one(raw.mention)?.trim();
  if (mention) found.mention = mention;
  const frame = one(raw.frame);
  if (frame && (found.from || found.to) && readFrame(frame)) found.frame = frame;
  return found;
}

/** Only what is chosen. */
export function choiceOf(address: SearchAddress): Choice {
  const { order: _, mention: __, frame: ___, ...choice } = address;
  return choice;
}

/** The period the timeline shows: what is chosen, or what stands around the brush. */
export function frameOf(address: SearchAddress): PeriodChoice {
  const frame = address.frame ? readFrame(address.frame) : null;
  return frame ?? { period: address.period, from: address.from, to: address.to };
}

/** A part of the timeline brushed; the timeline itself stays as it is. Without a part the whole frame is chosen again. */
export function brushed(address: SearchAddress, part: { from: string; to: string } | null): SearchAddress {
  const frame = frameOf(address);
  if (!part) return { ...address, ...cleared, ...frame };
  return { ...address, ...cleared, from: part.from, to: part.to, frame: writeFrame(frame) };
}

/** The brushed part becomes what the timeline shows. */
export function zoomed(address: SearchAddress): SearchAddress {
  return { ...address, frame: undefined };
}

const cleared = { period: undefined, from: undefined, to: undefined, frame: undefined };

function writeFrame({ period, from, to }: PeriodChoice): string {
  return period ?? (from || to ? `${from ?? ""}..${to ?? ""}` : ALL);
}

function readFrame(text: string): PeriodChoice | null {
  if (text === ALL) return { period: undefined, from: undefined, to: undefined };
  if (isPeriodName(text)) return { period: text, from: undefined, to: undefined };
  const [from = "", to = "", ...more] = text.split("..");
  const moments = [from, to].map((end) => (end === "" ? undefined : Date.parse(end)));
  if (more.length > 0 || moments.some((at) => Number.isNaN(at)) || !(from || to)) return null;
  const iso = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return { period: undefined, from: iso(moments[0]), to: iso(moments[1]) };
}
