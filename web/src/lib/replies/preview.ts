import { addressAt } from "./length";

/** A run of a reply as networks render it. */
export interface PreviewPiece {
  at: number;
  kind: "text" | "link" | "handle" | "hashtag";
  text: string;
}

const HANDLE = /@[\p{L}\p{N}_][\p{L}\p{N}_.-]*(?:@[A-Za-z0-9.-]*[A-Za-z0-9])?/uy;
const HASHTAG = /#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/uy;
const WORD = /[\p{L}\p{N}_/@#]/u;

/** Cuts a reply where networks make links: addresses, people, hashtags. */
export function previewPieces(text: string): PreviewPiece[] {
  const pieces: PreviewPiece[] = [];
  let plain = 0;
  const take = (kind: PreviewPiece["kind"], at: number, found: string) => {
    if (at > plain) pieces.push({ at: plain, kind: "text", text: text.slice(plain, at) });
    pieces.push({ at, kind, text: found });
    plain = at + found.length;
  };
  for (let at = 0; at < text.length; at += 1) {
    if (at < plain) continue;
    const begins = at === 0 || !WORD.test(text[at - 1] ?? "");
    if (!begins) continue;
    const letter = text[at] ?? "";
    const address = "hH".includes(letter) ? addressAt(text, at) : null;
    if (address) take("link", at, address);
    else if (letter === "@") matched(HANDLE, text, at, (found) => take("handle", at, found.replace(/[.-]+$/, "")));
    else if (letter === "#") matched(HASHTAG, text, at, (found) => take("hashtag", at, found));
  }
  if (plain < text.length) pieces.push({ at: plain, kind: "text", text: text.slice(plain) });
  return pieces;
}

function matched(pattern: RegExp, text: string, at: number, use: (found: string) => void): void {
  pattern.lastIndex = at;
  const found = pattern.exec(text)?.[0];
  if (found) use(found);
}
