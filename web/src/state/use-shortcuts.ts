import { useEffect, useRef } from "react";
import { tinykeys } from "tinykeys";
import { COMMANDS, type Command, type CommandName, type Handlers, isTyping, mayRun } from "./commands";
import { shortcutsPreference } from "./preferences";

/** Listens for the given commands while the component is on the page. */
export function useShortcuts(handlers: Handlers): void {
  const current = useRef(handlers);
  current.current = handlers;
  const names = Object.keys(handlers).sort().join(" ");

  useEffect(() => {
    const bindings: Record<string, (event: KeyboardEvent) => void> = {};
    for (const name of names.split(" ") as CommandName[]) {
      for (const press of (COMMANDS[name] as Command).presses) {
        bindings[press] = (event) => run(name, event, current.current);
      }
    }
    return tinykeys(window, bindings);
  }, [names]);
}

/** As long as tinykeys waits for the next key of a sequence. */
const SEQUENCE_MS = 1_000;
let lastPress = { code: "", at: 0 };
let afterPrefix = false;

// Before any listener below: whether this press is the second of a sequence.
window.addEventListener(
  "keydown",
  (event) => {
    afterPrefix = lastPress.code === "KeyG" && event.timeStamp - lastPress.at < SEQUENCE_MS;
    lastPress = { code: isTyping(event.target) ? "" : event.code, at: event.timeStamp };
  },
  { capture: true },
);

function run(name: CommandName, event: KeyboardEvent, handlers: Handlers): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  const allowed = mayRun(name, {
    enabled: shortcutsPreference.get() === "on",
    typing: isTyping(target),
    afterPrefix,
    dialog: document.querySelector('[role="dialog"][aria-modal="true"]') !== null,
    onControl: target?.closest("button, a, [role='menuitem']") !== null && target !== null,
  });
  if (!allowed) return;
  const handler = handlers[name];
  if (!handler) return;
  event.preventDefault();
  handler(event);
}
