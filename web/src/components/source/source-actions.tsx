import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { deleteSource, pauseSource, resumeSource } from "~/api/operations";
import type { Source } from "~/api/types";
import { showToast } from "~/state/toasts";
import { Question } from "../dialog";
import { Icon } from "../icon";
import { useProblemText } from "../use-problem-text";

/** Pause and resume can be taken back; deleting asks first. */
export function SourceActions({ source, full = false }: { source: Source; full?: boolean }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const resumable = source.state === "paused" || source.state === "stopped";

  const refresh = () =>
    cache.invalidateQueries({ predicate: ({ queryKey }) => ["sources", "source"].includes(String(queryKey[0])) });

  const switchTo = async (on: boolean, undoable: boolean) => {
    setBusy(true);
    try {
      await (on ? resumeSource(source.id) : pauseSource(source.id));
      showToast({
        kind: "done",
        text: t(on ? "sources.resumed" : "sources.paused", { name: source.name }),
        undo: undoable ? () => void switchTo(!on, false) : undefined,
      });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    setBusy(false);
    await refresh();
  };

  const remove = async () => {
    setBusy(true);
    try {
      await deleteSource(source.id);
      showToast({ kind: "done", text: t("sources.deleted", { name: source.name }) });
      await navigate({ to: "/sources" });
      await cache.invalidateQueries({ queryKey: ["sources"] });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
      setAsking(false);
      setBusy(false);
    }
  };

  return (
    <>
      {source.state !== "finished" && (
        <Button
          size="compact-sm"
          variant="default"
          loading={busy}
          leftSection={<Icon name={resumable ? "play" : "pause"} size={14} />}
          onClick={() => void switchTo(resumable, true)}
        >
          {t(resumable ? "sources.resume" : "sources.pause")}
        </Button>
      )}
      {full && (
        <>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Icon name="edit" size={14} />}
            onClick={() => void navigate({ to: "/sources/$id/edit", params: { id: source.id } })}
          >
            {t("sources.edit")}
          </Button>
          <Button
            size="compact-sm"
            variant="subtle"
            color="red"
            leftSection={<Icon name="bin" size={14} />}
            onClick={() => setAsking(true)}
          >
            {t("common.delete")}
          </Button>
          <Question
            grave
            opened={asking}
            title={t("sources.deleteTitle", { name: source.name })}
            yes={t("common.delete")}
            busy={busy}
            onYes={() => void remove()}
            onNo={() => setAsking(false)}
          >
            <p>{t("sources.deleteText")}</p>
          </Question>
        </>
      )}
    </>
  );
}
