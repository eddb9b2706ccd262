// Lists of words and authors that queries name.
import { found, ok, problem } from "./answers.mjs";
import { newId } from "./posts.mjs";

export function listRoutes({ state, emit }) {
  const uses = (list) =>
    state.topics
      .filter((topic) => new RegExp(`list:"?${list.name}"?(?![\\p{L}\\p{N}_-])`, "u").test(topic.query))
      .map((topic) => ({ topic_id: topic.id, name: topic.name }));
  const shown = (list) => ({ ...list, used_by: uses(list) });
  const wrong = (entries) =>
    entries.flatMap((entry, index) =>
      !/[\p{L}\p{N}]/u.test(entry)
        ? [
            {
              field: `entries.${index}`,
              code: "list_entry",
              message: `в \`${entry}\` нет ни буквы, ни цифры; это не найдётся никогда, уберите`,
            },
          ]
        : [],
    );
  const named = (name, id) => state.lists.some((one) => one.name === name && one.id !== id);
  const taken = (name) => problem(409, "name_taken", `список «${name}» уже есть`);

  return [
    ["GET", "/api/lists", () => ok({ items: state.lists.map(shown) })],
    [
      "POST",
      "/api/lists",
      ({ body }) => {
        if (named(body.name)) return taken(body.name);
        const errors = wrong(body.entries);
        if (errors.length) return problem(422, "invalid_fields", "не всё заполнено верно", errors);
        const at = new Date().toISOString();
        const list = { id: newId(), ...body, version: 1, created_at: at, updated_at: at };
        state.lists.push(list);
        emit("list.changed", list.id);
        return ok(shown(list), 201);
      },
    ],
    [
      "GET",
      "/api/lists/:id",
      ({ id }) =>
        found(
          state.lists.find((one) => one.id === id),
          shown,
        ),
    ],
    [
      "PUT",
      "/api/lists/:id",
      ({ id, body }) => {
        const list = state.lists.find((one) => one.id === id);
        if (named(body.name, id)) return taken(body.name);
        if (body.version !== list.version)
          return problem(409, "version_conflict", "список тем временем изменил кто-то другой");
        const errors = wrong(body.entries);
        if (errors.length) return problem(422, "invalid_fields", "не всё заполнено верно", errors);
        Object.assign(list, body, { version: list.version + 1, updated_at: new Date().toISOString() });
        emit("list.changed", list.id);
        return ok(shown(list));
      },
    ],
    [
      "DELETE",
      "/api/lists/:id",
      ({ id }) => {
        const list = state.lists.find((one) => one.id === id);
        if (uses(list).length) return problem(409, "list_in_use", "список нужен темам");
        state.lists = state.lists.filter((one) => one.id !== id);
        emit("list.changed", id);
        return { status: 204 };
      },
    ],
  ];
}
