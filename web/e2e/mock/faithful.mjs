// Holds the mock to the API document: what is asked and what is answered must fit its schemas, or a test that passes here
// would pass over what breaks against the real server.
import { readFileSync } from "node:fs";

const DOCUMENT = JSON.parse(readFileSync(new URL("../../../docs/api/openapi.json", import.meta.url), "utf8"));
const ROUTES = Object.entries(DOCUMENT.paths).map(([path, methods]) => ({ parts: path.split("/"), methods }));
const named = (ref) => DOCUMENT.components.schemas[ref.split("/").at(-1)];
const MOST = 5;

/** What does not fit, as readable lines; nothing of a path that the document does not have yet. */
export function faults(method, path, body, answer) {
  const operation = operationOf(method, path);
  if (!operation) return [];
  const asked = operation.requestBody?.content?.["application/json"]?.schema;
  const answered = operation.responses[answer.status]?.content?.["application/json"]?.schema;
  const found = [
    // A wrong request that is refused is what a test may want.
    ...(asked && answer.status < 400 ? misfits(asked, body, "request") : []),
    ...(answered && !answer.problem ? misfits(answered, answer.body, "answer") : []),
  ];
  return found.slice(0, MOST).map((fault) => `${method} ${path}: ${fault}`);
}

function operationOf(method, path) {
  const parts = path.split("/");
  const fits = (wanted) =>
    wanted.length === parts.length && wanted.every((part, index) => part.startsWith("{") || part === parts[index]);
  const routes = ROUTES.filter((route) => fits(route.parts));
  const plain = ({ parts: of }) => of.filter((part) => !part.startsWith("{")).length;
  return routes.sort((a, b) => plain(b) - plain(a))[0]?.methods[method.toLowerCase()];
}

function misfits(schema, value, at) {
  if (schema.$ref) return misfits(named(schema.$ref), value, at);
  if (schema.allOf) return schema.allOf.flatMap((part) => misfits(part, value, at));
  const ways = schema.oneOf ?? schema.anyOf;
  if (ways) {
    const tried = ways.map((way) => misfits(way, value, at));
    return tried.some((one) => one.length === 0) ? [] : tried.sort((a, b) => b.length - a.length)[0];
  }
  if (schema.enum && !schema.enum.includes(value)) return [`${at} is ${shown(value)}, not one of ${schema.enum}`];
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => isOf(type, value))) return [`${at} is ${shown(value)}, not ${types}`];
  if (Array.isArray(value)) {
    return schema.items ? value.flatMap((one, index) => misfits(schema.items, one, `${at}[${index}]`)) : [];
  }
  return value !== null && typeof value === "object" ? membersOf(schema, value, at) : [];
}

function membersOf({ required = [], properties, additionalProperties }, value, at) {
  const absent = required.filter((name) => value[name] === undefined).map((name) => `${at}.${name} is absent`);
  const wrong = Object.entries(value).flatMap(([name, one]) => {
    if (one === undefined) return [];
    const known = properties?.[name];
    if (known) return misfits(known, one, `${at}.${name}`);
    if (additionalProperties === false) return [`${at}.${name} is not known`];
    return typeof additionalProperties === "object" ? misfits(additionalProperties, one, `${at}.${name}`) : [];
  });
  return [...absent, ...wrong];
}

function isOf(type, value) {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "integer") return Number.isInteger(value);
  if (type === "object") return value !== null && typeof value === "object" && !Array.isArray(value);
  return typeof value === type;
}

const shown = (value) => (JSON.stringify(value) ?? "absent").slice(0, 60);
