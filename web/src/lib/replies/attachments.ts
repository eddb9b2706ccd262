import type { Attachment, AttachmentRule } from "~/api/replies";

/** What the network would refuse the files of a draft for; `null`: nothing. */
export type AttachmentTrouble =
  | { kind: "none" }
  | { kind: "many"; most: number }
  | { kind: "type"; name: string }
  | { kind: "big"; name: string; most: number }
  | { kind: "alt"; name: string; most: number }
  | { kind: "alone"; name: string }
  | { kind: "private" };

export function troubleOf(
  rule: AttachmentRule | null,
  files: readonly Attachment[],
  visibility: "public" | "private",
): AttachmentTrouble | null {
  if (files.length === 0) return null;
  if (!rule) return { kind: "none" };
  if (files.length > rule.most) return { kind: "many", most: rule.most };
  for (const { name, media_type, size, alt } of files) {
    if (!rule.media_types.includes(media_type)) return { kind: "type", name };
    if (size > rule.bytes) return { kind: "big", name, most: rule.bytes };
    // Counted as the server counts: by characters, not by halves of them.
    if (rule.alt !== null && [...(alt ?? "").trim()].length > rule.alt) return { kind: "alt", name, most: rule.alt };
  }
  const alone = files.length > 1 && files.find(({ media_type }) => rule.alone.includes(media_type));
  if (alone) return { kind: "alone", name: alone.name };
  if (!rule.private && visibility === "private") return { kind: "private" };
  return null;
}

export const isImage = ({ media_type }: Attachment): boolean => media_type.startsWith("image/");
