import { describe, expect, it } from "vitest";
import type { Attachment, AttachmentRule } from "~/api/replies";
import { troubleOf } from "./attachments";

const rule: AttachmentRule = {
  most: 2,
  bytes: 100,
  media_types: ["image/png"],
  alt: 3,
  text: null,
  alone: [],
  private: true,
};
const file = (more: Partial<Attachment> = {}): Attachment => ({
  id: "1",
  name: "a.png",
  media_type: "image/png",
  size: 100,
  alt: null,
  removed_at: null,
  ...more,
});

describe("what a network refuses files for", () => {
  it("is told before anything is sent", () => {
    expect(troubleOf(null, [], "public")).toBeNull();
    expect(troubleOf(rule, [file(), file({ alt: " 🐈🐈🐈 " })], "public")).toBeNull();
    expect(troubleOf(null, [file()], "public")).toEqual({ kind: "none" });
    expect(troubleOf(rule, [file(), file(), file()], "public")).toEqual({ kind: "many", most: 2 });
    expect(troubleOf(rule, [file({ media_type: "application/pdf" })], "public")).toEqual({
      kind: "type",
      name: "a.png",
    });
    expect(troubleOf(rule, [file({ size: 101 })], "public")).toEqual({ kind: "big", name: "a.png", most: 100 });
    expect(troubleOf(rule, [file({ alt: "кошка" })], "public")).toEqual({ kind: "alt", name: "a.png", most: 3 });
    const few = { ...rule, alone: ["image/png"], private: false };
    expect(troubleOf(few, [file(), file()], "public")).toEqual({ kind: "alone", name: "a.png" });
    expect(troubleOf(few, [file()], "public")).toBeNull();
    expect(troubleOf(few, [file()], "private")).toEqual({ kind: "private" });
    expect(troubleOf({ ...rule, alt: null }, [file({ alt: "кошка" })], "public")).toBeNull();
  });
});
