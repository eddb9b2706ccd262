// How the mock answers: good, problem, or not found.
export const problem = (status, code, detail, errors, more) => ({
  status,
  body: { type: "about:blank", title: code, status, detail, code, errors, ...more },
  problem: true,
});
export const ok = (body, status = 200) => ({ status, body });
export function found(item, shape) {
  return item ? ok(shape(item)) : problem(404, "not_found", "");
}
