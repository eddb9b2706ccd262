import { describe, expect, it } from "vitest";
import { frameReader } from "./event-stream";

const STREAM = [
  ": hello\n\n",
  "event: hello\nid: 40\ndata: {}\n\n",
  'event: mention.created\nid: 41\ndata: {"id":"41"}\n\n',
  'event: ping\ndata: {"at":\ndata: 1}\n\n',
].join("");

describe("the event stream", () => {
  it("reads the same however it is cut", () => {
    const whole = frameReader()(STREAM);
    expect(whole).toEqual([
      { event: "hello", id: "40", data: "{}" },
      { event: "mention.created", id: "41", data: '{"id":"41"}' },
      { event: "ping", id: null, data: '{"at":\n1}' },
    ]);
    for (const size of [1, 2, 3, 7, 50]) {
      const read = frameReader();
      const frames = [];
      for (let at = 0; at < STREAM.length; at += size) frames.push(...read(STREAM.slice(at, at + size)));
      expect(frames).toEqual(whole);
    }
  });

  it("takes CRLF and keeps an unfinished frame for later", () => {
    const read = frameReader();
    expect(read("event: a\r\ndata: 1\r\n\r\nevent: b\r\nda")).toEqual([{ event: "a", id: null, data: "1" }]);
    expect(read("ta: 2\r\n\r\n")).toEqual([{ event: "b", id: null, data: "2" }]);
  });

  it("refuses a frame that never ends", () => {
    const read = frameReader();
    expect(() => {
      for (let turn = 0; turn < 20; turn += 1) read("x".repeat(100_000));
    }).toThrow("too long");
  });
});
