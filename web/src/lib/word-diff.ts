/** A run of words that both texts have, only the earlier one had, or only the later one has. */
export interface DiffPiece {
  kind: "same" | "gone" | "new";
  text: string;
}

/** Texts with more words than this are not compared word by word. */
const MOST_WORDS = 1_500;

/** What became of a text, word by word, by the longest common row of words. Joined, `same` and `new` are the later text. */
export function wordDiff(before: string, after: string): DiffPiece[] {
  const [was, is] = [words(before), words(after)];
  let start = 0;
  while (start < was.length && start < is.length && was[start] === is[start]) start++;
  let end = 0;
  while (end < was.length - start && end < is.length - start && was.at(-1 - end) === is.at(-1 - end)) end++;
  const middle = between(was.slice(start, was.length - end), is.slice(start, is.length - end));
  return joined([
    { kind: "same", text: is.slice(0, start).join("") },
    ...middle,
    { kind: "same", text: is.slice(is.length - end).join("") },
  ]);
}

/** Words with the space behind them. */
function words(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

function between(was: string[], is: string[]): DiffPiece[] {
  if (was.length > MOST_WORDS || is.length > MOST_WORDS) {
    return [
      { kind: "gone", text: was.join("") },
      { kind: "new", text: is.join("") },
    ];
  }
  // lengths[i][j]: the longest common row of what stands behind i and j.
  const width = is.length + 1;
  const lengths = new Uint16Array((was.length + 1) * width);
  const at = (i: number, j: number) => lengths[i * width + j] ?? 0;
  for (let i = was.length - 1; i >= 0; i--) {
    for (let j = is.length - 1; j >= 0; j--) {
      lengths[i * width + j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const found: DiffPiece[] = [];
  let [i, j] = [0, 0];
  while (i < was.length || j < is.length) {
    if (i < was.length && j < is.length && was[i] === is[j]) {
      found.push({ kind: "same", text: is[j] ?? "" });
      i++;
      j++;
    } else if (j >= is.length || (i < was.length && at(i + 1, j) >= at(i, j + 1))) {
      found.push({ kind: "gone", text: was[i] ?? "" });
      i++;
    } else {
      found.push({ kind: "new", text: is[j] ?? "" });
      j++;
    }
  }
  return found;
}

/** Neighbours of one kind as one. */
function joined(found: readonly DiffPiece[]): DiffPiece[] {
  const runs: DiffPiece[] = [];
  for (const piece of found) {
    if (piece.text === "") continue;
    const last = runs.at(-1);
    if (last?.kind === piece.kind) last.text += piece.text;
    else runs.push({ ...piece });
  }
  return runs;
}
