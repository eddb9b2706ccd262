// What the scripts of clients on Node share: a line `ok|FAILED<TAB>what<TAB>found` for each step.
import { isDeepStrictEqual } from "node:util";

export async function step(what, run) {
  try {
    console.log(["ok", what, await run()].join("\t"));
  } catch (failure) {
    console.log(["FAILED", what, `${failure}`.replaceAll("\n", " ")].join("\t"));
  }
}

/** What was found, where it is what was wanted. */
export function expect(found, wanted) {
  if (!isDeepStrictEqual(found, wanted)) throw new Error(`${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
  return found;
}
