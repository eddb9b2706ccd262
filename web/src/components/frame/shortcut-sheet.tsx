import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { offers } from "~/lib/offered";
import { COMMANDS, type Command, type CommandGroup, type CommandName } from "~/state/commands";
import { shortcutsPreference } from "~/state/preferences";
import { useStore } from "~/state/store";
import { Dialog } from "../dialog";
import css from "./sheet.module.css";

const GROUPS: CommandGroup[] = ["move", "judge", "reply", "go", "app", "write"];

/** What must be there for a command to do anything. */
const NEEDS: Partial<Record<CommandName, string>> = {
  notHere: "splitStory",
  merge: "mergeStories",
  goStories: "listStories",
  goLabelling: "getLabelling",
  goOutbox: "listReplies",
  reply: "createReply",
  send: "createReply",
  approve: "approveReply",
  callOff: "cancelReply",
  again: "sendReplyAgain",
};

/** All shortcuts, by what they are for. */
export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const enabled = useStore(shortcutsPreference) === "on";
  return (
    <Dialog opened={opened} onClose={onClose} title={t("shortcuts.title")} size={720}>
      <div className={css.columns}>
        {GROUPS.filter((group) => commandsOf(group).length > 0).map((group) => (
          <section key={group}>
            <h3>{t(`shortcuts.groups.${group}`)}</h3>
            <dl className={css.list}>
              {commandsOf(group).map(([name, command]) => (
                <div key={name}>
                  <dt>{t(`shortcuts.commands.${name}`)}</dt>
                  <dd>
                    {command.shown.map((shown) => (
                      <span key={shown}>
                        {shown.split(" ").map((press) => (
                          <kbd key={press}>{press}</kbd>
                        ))}
                      </span>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <Switch
        mt={16}
        checked={enabled}
        onChange={(event) => shortcutsPreference.set(event.currentTarget.checked ? "on" : "off")}
        label={t("shortcuts.enabled")}
      />
    </Dialog>
  );
}

function commandsOf(group: CommandGroup): [CommandName, Command][] {
  return (Object.entries(COMMANDS) as [CommandName, Command][]).filter(
    ([name, command]) => command.group === group && offers(NEEDS[name] ?? "listMentions"),
  );
}
