// What @atcute/jetstream can do against the stand-in of a Jetstream; a line `ok|FAILED<TAB>what<TAB>found` for each. It holds every
// event to its own schemas, and says what it wants once more after it is connected.
import { isDeepStrictEqual } from "node:util";
import { expect, step } from "../../../../emulators/tests/emulators/clients/steps.mjs";

const [address, installed] = process.argv.slice(2);
const { JetstreamSubscription } = await import(`${installed}/node_modules/@atcute/jetstream/dist/index.js`);
const [POSTS, LIKES] = ["app.bsky.feed.post", "app.bsky.feed.like"];
const LONG_AGO = Date.UTC(2020, 0) * 1_000;

async function heard(count, options = {}) {
  const [events, wrong] = [[], []];
  const stream = new JetstreamSubscription({ url: address, cursor: LONG_AGO, onError: (error) => wrong.push(error), ...options });
  for await (const event of stream) {
    events.push(event);
    if (events.length === count) break;
  }
  expect(wrong, []);
  return events;
}

await step("everything from long ago", async () => {
  const events = await heard(82);
  expect(new Set(events.map((event) => event.kind)), new Set(["commit", "identity", "account"]));
  const operations = events.flatMap((event) => event.commit?.operation ?? []);
  return `${operations.filter((name) => name === "create").length} written, ${operations.filter((name) => name === "delete").length} taken away`;
});
await step("posts alone", async () => {
  const commits = (await heard(43, { wantedCollections: [POSTS] })).filter((event) => event.kind === "commit");
  expect(new Set(commits.map(({ commit }) => commit.record.$type)), new Set([POSTS]));
  return `${commits.length} posts: ${commits[0].commit.record.text}`;
});
await step("likes alone: deletions have no record", async () => {
  const commits = (await heard(42, { wantedCollections: [LIKES] })).filter((event) => event.kind === "commit");
  expect(new Set(commits.map(({ commit }) => `${commit.operation} ${"record" in commit}`)), new Set(["delete false"]));
  return `${commits.length} likes taken away`;
});
await step("one account alone", async () => {
  const [{ did }] = await heard(1);
  const events = await heard(5, { wantedDids: [did] });
  expect(new Set(events.map((event) => event.did)), new Set([did]));
  return `${events.length} events of ${did}`;
});
await step("the present", async () => {
  const before = Date.now() * 1_000;
  const events = await heard(3, { cursor: undefined });
  expect(events.every((event) => event.time_us >= before), true);
  return `${events.length} events`;
});
await step("from where one was", async () => {
  const events = await heard(30);
  const later = await heard(5, { cursor: events[20].time_us });
  return expect(later[0].time_us >= events[20].time_us && later.some((event) => isDeepStrictEqual(event, events[20])), true);
});
// Connections that are kept for later do not hold it up.
process.exit();
