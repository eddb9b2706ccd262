/** Every command of the keyboard: one table for the handlers, the shortcut sheet and the palette. */
export type CommandGroup = "move" | "judge" | "go" | "app" | "write" | "reply";

export interface Command {
  /** What tinykeys listens to. Codes instead of letters, so that a Cyrillic layout works the same. */
  presses: string[];
  /** What the sheet shows, one entry a way to press it. */
  shown: string[];
  group: CommandGroup;
  /** Also works in text fields and when single keys are switched off. */
  always?: boolean;
}

export const COMMANDS = {
  next: { presses: ["KeyJ"], shown: ["J"], group: "move" },
  previous: { presses: ["KeyK"], shown: ["K"], group: "move" },
  open: { presses: ["Enter"], shown: ["Enter"], group: "move" },
  close: { presses: ["Escape"], shown: ["Esc"], group: "move" },
  original: { presses: ["KeyO"], shown: ["O"], group: "move" },
  showNew: { presses: ["Period"], shown: ["."], group: "move" },
  keep: { presses: ["KeyE"], shown: ["E"], group: "judge" },
  bin: { presses: ["KeyB"], shown: ["B"], group: "judge" },
  tone: { presses: ["KeyT"], shown: ["T"], group: "judge" },
  toneNegative: { presses: ["Digit1"], shown: ["1"], group: "judge" },
  toneNeutral: { presses: ["Digit2"], shown: ["2"], group: "judge" },
  tonePositive: { presses: ["Digit3"], shown: ["3"], group: "judge" },
  intents: { presses: ["KeyI"], shown: ["I"], group: "judge" },
  stage: { presses: ["KeyY"], shown: ["Y"], group: "judge" },
  spam: { presses: ["Shift+Digit1", "Shift+!"], shown: ["!"], group: "judge" },
  label: { presses: ["KeyL"], shown: ["L"], group: "judge" },
  notHere: { presses: ["KeyD"], shown: ["D"], group: "judge" },
  merge: { presses: ["KeyM"], shown: ["M"], group: "judge" },
  select: { presses: ["KeyX"], shown: ["X"], group: "judge" },
  undo: { presses: ["KeyU", "$mod+KeyZ"], shown: ["U"], group: "judge" },
  goStream: { presses: ["KeyG KeyS"], shown: ["G S"], group: "go" },
  goSearch: { presses: ["KeyG KeyF"], shown: ["G F"], group: "go" },
  goQuestions: { presses: ["KeyG KeyQ"], shown: ["G Q"], group: "go" },
  goStories: { presses: ["KeyG KeyR"], shown: ["G R"], group: "go" },
  goLabelling: { presses: ["KeyG KeyL"], shown: ["G L"], group: "go" },
  goOutbox: { presses: ["KeyG KeyA"], shown: ["G A"], group: "go" },
  goTopics: { presses: ["KeyG KeyT"], shown: ["G T"], group: "go" },
  goSources: { presses: ["KeyG KeyO"], shown: ["G O"], group: "go" },
  goSettings: { presses: ["KeyG KeyP"], shown: ["G P"], group: "go" },
  reply: { presses: ["KeyR"], shown: ["R"], group: "reply" },
  // The field itself listens to it: elsewhere the same keys save.
  send: { presses: [], shown: ["Ctrl Enter"], group: "reply" },
  approve: { presses: ["KeyA"], shown: ["A"], group: "reply" },
  callOff: { presses: ["KeyC"], shown: ["C"], group: "reply" },
  again: { presses: ["KeyW"], shown: ["W"], group: "reply" },
  search: { presses: ["Slash"], shown: ["/"], group: "app" },
  help: { presses: ["Shift+?", "Shift+Slash"], shown: ["?"], group: "app" },
  propose: { presses: ["Control+Space"], shown: ["Ctrl Space"], group: "write" },
  nextFault: { presses: ["F8"], shown: ["F8"], group: "write" },
  tidy: { presses: ["Shift+Alt+KeyF"], shown: ["Shift Alt F"], group: "write" },
  palette: { presses: ["$mod+KeyK"], shown: ["Ctrl K"], group: "app", always: true },
  save: { presses: ["$mod+KeyS", "$mod+Enter"], shown: ["Ctrl S"], group: "app", always: true },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;
export type Handlers = Partial<Record<CommandName, (event: KeyboardEvent) => void>>;

/** Whether a single key pressed here means a letter and not a command. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  const field = target.closest("input, textarea, select, [contenteditable='true']");
  if (!field) return false;
  return !(field instanceof HTMLInputElement && ["checkbox", "radio", "button", "submit"].includes(field.type));
}

/** What a command must know before it may run. */
export interface Place {
  /** Single keys are switched on. */
  enabled: boolean;
  typing: boolean;
  /** A dialog is open and has the keyboard. */
  dialog: boolean;
  /** The key before this one began a sequence: `g`, then a letter to go. */
  afterPrefix: boolean;
  /** A button or link has the focus, where Enter has a meaning of its own. */
  onControl: boolean;
}

export function mayRun(name: CommandName, place: Place): boolean {
  const command: Command = COMMANDS[name];
  if (place.dialog) return false;
  if (command.always) return true;
  if (place.afterPrefix && command.group !== "go") return false;
  if (name === "open" && place.onControl) return false;
  return place.enabled && !place.typing;
}
