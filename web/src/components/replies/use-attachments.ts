import { useState } from "react";
import { type Attachment, type AttachmentRule, createAttachment, deleteAttachment } from "~/api/replies";

interface UseAttachments {
  rule: AttachmentRule | null;
  /** As the draft has them at this moment: several may come at once. */
  current: () => readonly Attachment[];
  write: (files: Attachment[]) => void;
  /** Larger than the network takes, so that it was not sent here at all. */
  onTooLarge: (file: File, most: number) => void;
  onError: (file: File, error: unknown) => void;
}

/** Brings files to the server while the reply is being written, one after the other. */
export function useAttachments({ rule, current, write, onTooLarge, onError }: UseAttachments) {
  const [coming, setComing] = useState<string[]>([]);

  const bring = async (files: File[]) => {
    if (!rule || files.length === 0) return;
    const taken = files.filter((file) => file.size <= rule.bytes);
    for (const file of files) if (!taken.includes(file)) onTooLarge(file, rule.bytes);
    setComing((names) => [...names, ...taken.map(({ name }) => name)]);
    for (const file of taken) {
      try {
        const kept = await createAttachment(file);
        write([...current(), kept]);
      } catch (error) {
        onError(file, error);
      }
      setComing((names) => names.toSpliced(names.indexOf(file.name), 1));
    }
  };

  const remove = (file: Attachment) => {
    write(current().filter(({ id }) => id !== file.id));
    // What is left lying there is forgotten after a day.
    deleteAttachment(file.id).catch(() => {});
  };

  return { coming, bring, remove };
}
