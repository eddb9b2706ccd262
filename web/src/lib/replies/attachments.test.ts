import { describe, expect, it } from "vitest";
import type { Attachment, AttachmentRule } from "~/api/replies";
import { troubleOf } from "./attachments";

const rule: AttachmentRule = { most: 2, bytes: 100, media_types: ["image/png"], alt: 3, text: null };
const file = (more: Partial<Attachment> = {}): Attachment => ({
  id: "1",
  name: "a.png",
  media_type: "image/png",
  size: 100,
  alt: null,
  ...more,
});

describe("what a network refuses files for", () => {
  it("is told before anything is sent", () => {
    expect(troubleOf(null, [])).toBeNull();
    expect(troubleOf(rule, [file(), file({ alt: " 🐈🐈🐈 " })])).toBeNull();
    expect(troubleOf(null, [file()])).toEqual({ kind: "none" });
    expect(troubleOf(rule, [file(), file(), file()])).toEqual({ kind: "many", most: 2 });
    expect(troubleOf(rule, [file({ media_type: "application/pdf" })])).toEqual({ kind: "type", name: "a.png" });
    expect(troubleOf(rule, [file({ size: 101 })])).toEqual({ kind: "big", name: "a.png", most: 100 });
    expect(troubleOf(rule, [file({ alt: "кошка" })])).toEqual({ kind: "alt", name: "a.png", most: 3 });
    expect(troubleOf({ ...rule, alt: null }, [file({ alt: "кошка" })])).toBeNull();
  });
});
