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

function run(name: CommandName, event: KeyboardEvent, handlers: Handlers): void {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : null;
  const allowed = mayRun(name, {
    enabled: shortcutsPreference.get() === "on",
    typing: isTyping(target),
    dialog: document.querySelector('[role="dialog"][aria-modal="true"]') !== null,
    onControl: target?.closest("button, a, [role='menuitem']") !== null && target !== null,
  });
  if (!allowed) return;
  const handler = handlers[name];
  if (!handler) return;
  event.preventDefault();
  handler(event);
}
