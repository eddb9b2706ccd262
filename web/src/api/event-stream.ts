/** One frame of `text/event-stream`. */
export interface Frame {
  event: string;
  id: string | null;
  data: string;
}

/** Longest unfinished frame kept, in characters; a server that never ends a frame is not allowed to fill the memory. */
const LONGEST_FRAME = 1_000_000;

/** Reads frames out of chunks that may be cut anywhere. Returns what is complete. */
export function frameReader(): (chunk: string) => Frame[] {
  let rest = "";
  return (chunk) => {
    rest += chunk;
    if (rest.length > LONGEST_FRAME) throw new Error("a frame of the event stream is too long");
    const found: Frame[] = [];
    for (;;) {
      const end = /\r?\n\r?\n/.exec(rest);
      if (!end) return found;
      const frame = readFrame(rest.slice(0, end.index));
      rest = rest.slice(end.index + end[0].length);
      if (frame) found.push(frame);
    }
  };
}

function readFrame(block: string): Frame | null {
  let event = "message";
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split(/\r?\n/)) {
    if (line.startsWith(":")) continue;
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") event = value;
    else if (field === "id") id = value;
    else if (field === "data") data.push(value);
  }
  return data.length === 0 && event === "message" ? null : { event, id, data: data.join("\n") };
}
