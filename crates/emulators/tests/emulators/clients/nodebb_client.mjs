// What NodeBB's own theme and widgets can show of the emulator's answers; a line `ok|FAILED<TAB>what<TAB>found` for each. Their
// templates ask for fields by name: each that they ask for must be told.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { expect, step } from "./steps.mjs";

const [base, installed] = process.argv.slice(2);
// It counts on a newer Node.
Promise.try ??= (run) => new Promise((done) => done(run()));
const benchpress = createRequire(`${installed}/package.json`)("benchpressjs");
const HARMONY = `${installed}/node_modules/nodebb-theme-harmony/templates`;
const WIDGETS = `${installed}/node_modules/nodebb-widget-essentials/public/templates`;
/** Told only where they are so. */
const RARE = new Set(["contentWarning", "txContent", "then", "toJSON", "length"]);
const state = {};

async function call(path, { method = "GET", token = "nodebb-token-1001", body } = {}) {
  const headers = { ...(token && { authorization: `Bearer ${token}` }), ...(body && { "content-type": "application/json" }) };
  const answer = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
  return { status: answer.status, told: await answer.json() };
}

async function get(path, who) {
  const { status, told } = await call(path, who);
  expect(status, 200);
  return told;
}

/** The part for writing says how it went beside what it tells. */
async function written(path, who) {
  const told = await get(path, who);
  expect(told.status, { code: "ok", message: "OK" });
  return told.response;
}

async function refused(path, who, status, code) {
  const answer = await call(path, who);
  return `${expect(answer.status, status)} ${expect(answer.told.status.code, code)}: ${answer.told.status.message}`;
}

/** What is asked of it and not there is noted. */
function watched(value, at, missing) {
  if (value === null || typeof value !== "object") return value;
  return new Proxy(value, {
    get(of, name) {
      if (typeof name === "symbol" || RARE.has(name) || Array.isArray(of)) return typeof of[name] === "object" ? watched(of[name], at, missing) : of[name];
      if (!(name in of)) missing.add(`${at}.${name}`);
      return watched(of[name], `${at}.${name}`, missing);
    },
  });
}

/** A text without the writing out of signs, however often that was done. */
function plain(text) {
  const signs = { amp: "&", lt: "<", gt: ">", quot: '"' };
  const once = text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(amp|lt|gt|quot));/gi, (_, hex, digits, name) => signs[name] ?? String.fromCodePoint(hex ? parseInt(hex, 16) : Number(digits)));
  return once === text ? text : plain(once);
}

const shows = (html, part) => plain(html).includes(plain(part));

/** What the core of NodeBB puts into pages; each takes what NodeBB's takes. */
const escape = (text) => String(text).replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
const helpers = {
  buildAvatar: (user) => `<img alt="${escape(user.displayname)}" src="${user.picture ?? ""}" style="background: ${user["icon:bgColor"]}"/>${user["icon:text"]}${user.uid}`,
  txDisplayname: (user) => escape(user.displayname),
  buildCategoryLabel: (category) => `<a href="/category/${category.slug}" style="background: ${category.bgColor}; color: ${category.color}"><i class="${category.icon}"></i>${escape(category.name)}</a>`,
  encodeURIComponent: (text) => encodeURIComponent(text),
  tx: (text) => text,
};
Object.entries(helpers).forEach(([name, run]) => benchpress.registerHelper(name, run));

function template(folder, name) {
  const text = readFileSync(`${folder}/${name}`, "utf8");
  return text.replace(/<!-- IMPORT (\S+) -->/g, (_, part) => template(folder, part));
}

/** The page of those posts, on which everything that was asked for was there. */
async function page(folder, name, posts) {
  const missing = new Set();
  const shown = posts.map((post) => watched(post, "post", missing));
  const context = { posts: shown, config: { relative_path: "" }, relative_path: "", nextStart: 20, numPosts: posts.length, cid: "" };
  const html = await benchpress.compileRender(template(folder, name), context);
  expect([...missing], []);
  for (const post of posts) {
    const parts = [`data-pid="${post.pid}"`, post.content.trim(), `/user/${post.user.userslug}`, `title="${post.timestampISO}"`, `/post/${post.pid}`];
    expect(parts.filter((part) => !shows(html, part)), []);
  }
  return html;
}

await step("who one is", async () => {
  const told = await get("/api/self");
  return `${expect([told.uid, told.username, told.userslug], [1001, "person1001", "person1001"])[1]}`;
});
await step("what the forum allows", async () => {
  const told = await get("/api/config");
  return `${told.minimumPostLength} to ${told.maximumPostLength} characters`;
});
await step("recent posts, two pages", async () => {
  const [first, second] = [await get("/api/recent/posts/month", { token: null }), await get("/api/recent/posts/month?page=2", { token: null })];
  const pids = [...first, ...second].map((post) => post.pid);
  expect([new Set(pids).size, pids], [40, pids.toSorted((one, other) => other - one)]);
  state.posts = first;
  return `${first[0].timestampISO} back to ${second.at(-1).timestampISO}`;
});
await step("the widget of recent posts", async () => {
  const html = await page(WIDGETS, "widgets/partials/posts.tpl", state.posts);
  return `${html.match(/<li /g).length} posts in ${html.length} letters`;
});
await step("harmony's list of posts", async () => {
  const html = await page(HARMONY, "partials/posts_list.tpl", state.posts);
  expect(state.posts.flatMap((post) => [post.topic.title, `/category/${post.category.slug}`]).filter((part) => !shows(html, part)), []);
  return `${html.match(/<li /g).length} posts in ${html.length} letters`;
});
await step("somebody's posts", async () => {
  const name = state.posts[0].user.userslug;
  const { posts } = await get(`/api/user/${name}/posts`, { token: null });
  expect(new Set(posts.map((post) => post.user.username)), new Set([name]));
  await page(HARMONY, "partials/posts_list.tpl", posts);
  return `${posts.length} of ${name}`;
});
await step("a post as lists show it", async () => {
  const [known] = state.posts;
  return `${expect(await written(`/api/v3/posts/${known.pid}/summary`), known).pid}`;
});
await step("a post as it is stored", async () => {
  const told = await written(`/api/v3/posts/${state.posts[0].pid}`);
  // Neither author nor topic stands beside it, and its text is as it was typed.
  expect([told.user, told.topic, told.edited, told.editedISO, told.content.includes("<p>")], [undefined, undefined, 0, "", false]);
  return expect((await written(`/api/v3/posts/${told.pid}/raw`)).content, told.content).slice(0, 30);
});
await step("a reply", async () => {
  const [to] = state.posts;
  const told = await written(`/api/v3/topics/${to.tid}`, { method: "POST", body: { content: "Уже едет мастер", toPid: to.pid } });
  expect([told.tid, told.toPid, told.user.username], [to.tid, to.isMainPost ? null : to.pid, "person1001"]);
  const { posts } = await get("/api/user/person1001/posts");
  expect(posts[0], told);
  await page(HARMONY, "partials/posts_list.tpl", posts.slice(0, 1));
  return `${told.pid} in ${told.topic.slug}`;
});
await step("a reply that waits for a moderator", async () => {
  const told = await written(`/api/v3/topics/${state.posts[0].tid}`, { method: "POST", token: "nodebb-token-1064", body: { content: "Где мастер?" } });
  const queue = await get("/api/post-queue", { token: "nodebb-token-1064" });
  expect([told.queued, queue.posts.map((post) => post.id), queue.posts[0].data.rawContent], [true, [told.id], "Где мастер?"]);
  return `${queue.posts[0].user.username} in ${queue.posts[0].category.name}`;
});
await step("a closed topic", async () => {
  const [{ tid }] = state.posts;
  await written(`/api/v3/topics/${tid}/lock`, { method: "PUT", body: {} });
  const told = await refused(`/api/v3/topics/${tid}`, { method: "POST", body: { content: "Можно ещё?" } }, 400, "bad-request");
  await written(`/api/v3/topics/${tid}/lock`, { method: "DELETE" });
  return told;
});
await step("a text that is too short", () => refused(`/api/v3/topics/${state.posts[0].tid}`, { method: "POST", body: { content: "а" } }, 400, "bad-request"));
await step("a topic that is not there", () => refused("/api/v3/topics/999999999", { method: "POST", body: { content: "Есть кто?" } }, 404, "not-found"));
await step("a wrong token", () => refused("/api/self", { token: "wrong" }, 401, "not-authorised"));
// Connections that are kept for later do not hold it up.
process.exit();
