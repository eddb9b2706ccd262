import { Modal } from "@mantine/core";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../icon";
import css from "./sheet.module.css";
import { type PaletteAction, usePaletteActions } from "./use-palette-actions";

interface PaletteProps {
  opened: boolean;
  onClose: () => void;
  onSheet: () => void;
}

/** Every page and action by its name: type, arrows, Enter. */
export function Palette({ opened, onClose, onSheet }: PaletteProps) {
  const { t } = useTranslation();
  return (
    <Modal.Root opened={opened} onClose={onClose} yOffset="12vh" size={560} lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={t("palette.title")}>
        <PaletteBody onClose={onClose} onSheet={onSheet} />
      </Modal.Content>
    </Modal.Root>
  );
}

function PaletteBody({ onClose, onSheet }: Omit<PaletteProps, "opened">) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const id = useId();
  const actions = usePaletteActions(onSheet);
  const found = matching(actions, text);
  const chosen = found[Math.min(active, found.length - 1)];

  useEffect(() => {
    document.getElementById(`${id}-${chosen?.id}`)?.scrollIntoView({ block: "nearest" });
  }, [id, chosen]);

  const run = (action: PaletteAction | undefined) => {
    if (!action) return;
    onClose();
    action.run();
  };

  return (
    <>
      <input
        className={css.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen ? `${id}-${chosen.id}` : undefined}
        aria-label={t("palette.title")}
        placeholder={t("palette.placeholder")}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
          if (step) {
            event.preventDefault();
            setActive(
              (before) => (Math.min(before, found.length - 1) + step + found.length) % Math.max(1, found.length),
            );
          }
          if (event.key === "Enter") run(chosen);
        }}
      />
      <div className={css.options} role="listbox" id={`${id}-list`} aria-label={t("palette.title")}>
        {found.map((action) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keyboard
          // biome-ignore lint/a11y/useFocusableInteractive: options are reached through aria-activedescendant
          <div
            key={action.id}
            id={`${id}-${action.id}`}
            role="option"
            aria-selected={action === chosen}
            className={css.option}
            onMouseMove={() => setActive(found.indexOf(action))}
            onClick={() => run(action)}
          >
            <Icon name={action.icon} />
            <span>{action.title}</span>
            {action.keys && <kbd>{action.keys}</kbd>}
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={css.none} role="status">
          {t("palette.nothing")}
        </p>
      )}
    </>
  );
}

function matching(actions: PaletteAction[], text: string): PaletteAction[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return actions.filter((action) => words.every((word) => action.title.toLowerCase().includes(word))).slice(0, 50);
}
