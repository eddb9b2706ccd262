// Files that go with replies, kept in memory.
import { found, ok, problem } from "./answers.mjs";
import { newId } from "./posts.mjs";

const SIGNS = [
  ["image/png", "89504e47"],
  ["image/jpeg", "ffd8ff"],
  ["application/pdf", "25504446"],
];

export function attachmentRoutes({ state }) {
  state.attachments ??= new Map();
  return [
    [
      "POST",
      "/api/attachments",
      ({ body, params }) => {
        const sign = SIGNS.find(([, first]) => body.toString("hex").startsWith(first));
        if (!sign)
          return problem(422, "unknown_type", "the file is none of JPEG, PNG and PDF; save it as one of these");
        const file = { name: params.get("name"), media_type: sign[0], size: body.length };
        const kept = { id: newId(), ...file, alt: null, removed_at: null };
        state.attachments.set(kept.id, { ...kept, bytes: body });
        return ok(kept, 201);
      },
    ],
    [
      "GET",
      "/api/attachments/:id",
      ({ id }) => {
        const kept = state.attachments.get(id);
        return kept ? { status: 200, file: kept.bytes, type: kept.media_type } : problem(404, "not_found", "");
      },
    ],
    [
      "DELETE",
      "/api/attachments/:id",
      ({ id }) =>
        found(state.attachments.get(id), () => {
          state.attachments.delete(id);
        }),
    ],
  ];
}
