import { Button } from "@mantine/core";
import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Intent, Mention, Stage, Tone } from "~/api/types";
import { CHOSEN_INTENTS, intentKey, STAGES, saidByPeople, TONES, withIntent } from "~/lib/judgement";
import { judgementMenu, type MenuKind } from "~/state/judgement-menu";
import { useStore } from "~/state/store";
import { useJudge } from "~/state/use-judge";
import { Dialog } from "../dialog";
import { TONE_SIGNS } from "../tone";
import css from "./menu.module.css";

/** The menu that a key opens: a digit chooses, 0 goes back to the machine's word. */
export function JudgementMenu() {
  const { t } = useTranslation();
  const asked = useStore(judgementMenu);
  const close = () => judgementMenu.set(null);
  // Stays when it closes, so that the focus goes back to where it was.
  const last = useRef(asked);
  if (asked) last.current = asked;
  const kind = last.current?.kind ?? "tone";
  return (
    <Dialog opened={asked !== null} onClose={close} title={t(`judgement.menu.${kind}`)} size={360}>
      {asked && <Choices kind={kind} mentions={asked.mentions} onClose={close} />}
    </Dialog>
  );
}

interface ChoicesProps {
  kind: MenuKind;
  mentions: readonly Mention[];
  onClose: () => void;
}

const OPTIONS = { tone: TONES, intents: CHOSEN_INTENTS, stage: [...STAGES, "none"] } as const;

function Choices({ kind, mentions, onClose }: ChoicesProps) {
  const { t } = useTranslation();
  const judge = useJudge();
  const list = useRef<HTMLDivElement>(null);
  const [first] = mentions;
  const same = first !== undefined && mentions.every((one) => intentKey(one) === intentKey(first));
  const [intents, setIntents] = useState<Intent[]>(same ? (first.intents ?? []) : []);
  const options: readonly string[] = OPTIONS[kind];
  const people = mentions.some((mention) => saidByPeople(mention, kind));

  const choose = (value: string) => {
    if (kind === "intents") return setIntents((before) => withIntent(before, value as Intent));
    if (kind === "tone") judge.setTone(mentions, value as Tone);
    else judge.setStage(mentions, value as Stage | "none");
    onClose();
  };
  const giveBack = () => {
    if (kind === "tone") judge.setTone(mentions, null);
    else if (kind === "stage") judge.setStage(mentions, null);
    else judge.setIntents(mentions, null);
    onClose();
  };
  const apply = () => {
    judge.setIntents(mentions, intents);
    onClose();
  };

  const press = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
    const value = digit === undefined ? undefined : options[Number(digit) - 1];
    if (digit === "0") giveBack();
    else if (value !== undefined) choose(value);
    else if (event.key === "Enter" && kind === "intents") apply();
    else return step(event);
    event.preventDefault();
    event.stopPropagation();
  };
  const step = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
    buttons[(at + by + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };

  // Heard before anything else and wherever the focus is: it comes into the menu some moments after the eye.
  const latest = useRef(press);
  latest.current = press;
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => latest.current(event);
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, []);

  const chosen = (value: string): boolean => {
    if (kind === "intents") return intents.includes(value as Intent);
    if (kind === "tone") return mentions.every((one) => one.tone === value);
    return mentions.every((one) => (one.stage ?? "none") === value);
  };
  const word = (value: string): string => {
    if (kind === "tone") return `${TONE_SIGNS[value as Tone]} ${t(`tone.${value as Tone}`)}`;
    return kind === "intents" ? t(`intent.${value as Intent}`) : t(`stage.${value as Stage | "none"}`);
  };

  return (
    <div ref={list} className={css.menu}>
      {mentions.length > 1 && <p className="dim">{t("judgement.menu.several", { count: mentions.length })}</p>}
      {options.map((value, index) => (
        <button
          key={value}
          type="button"
          className={css.option}
          aria-pressed={chosen(value)}
          data-autofocus={index === 0 || undefined}
          onClick={() => choose(value)}
        >
          <kbd aria-hidden>{index + 1}</kbd>
          {word(value)}
        </button>
      ))}
      {people && (
        <button type="button" className={css.option} onClick={giveBack}>
          <kbd aria-hidden>0</kbd>
          {t("judgement.back")}
        </button>
      )}
      {kind === "intents" && (
        <Button mt={8} onClick={apply}>
          {t("judgement.menu.apply")}
        </Button>
      )}
      <p className={css.keys}>{t("judgement.menu.keys")}</p>
    </div>
  );
}
