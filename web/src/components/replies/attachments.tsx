import { useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { type Attachment, type AttachmentRule, attachmentAddress } from "~/api/replies";
import { bytes, number } from "~/lib/format";
import { isImage, troubleOf } from "~/lib/replies/attachments";
import { when } from "~/lib/replies/later";
import { Icon } from "../icon";
import { Loading } from "../loading";
import { useLocale } from "../use-locale";
import { useZone } from "../use-zone";
import css from "./attachments.module.css";
import plain from "./replies.module.css";

interface AttachmentsProps {
  rule: AttachmentRule | null;
  visibility: "public" | "private";
  files: readonly Attachment[];
  /** Names of what is being brought. */
  coming: readonly string[];
  onChange: (files: Attachment[]) => void;
  onRemove: (file: Attachment) => void;
}

/** The files that go with a reply: seen, described, taken away. */
export function Attachments({ rule, visibility, files, coming, onChange, onRemove }: AttachmentsProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const id = useId();
  const trouble = troubleOf(rule, files, visibility);
  const describe = (file: Attachment, alt: string) =>
    onChange(files.map((one) => (one.id === file.id ? { ...one, alt } : one)));
  if (files.length === 0 && coming.length === 0) return null;
  return (
    <>
      <ul className={css.files} aria-label={t("reply.files.list")}>
        {files.map((file) => (
          <li key={file.id} className={css.file}>
            <Shown file={file} />
            <div className={css.words}>
              <span className={css.name} title={file.name}>
                {file.name} <span className="dim">{bytes(file.size, locale)}</span>
              </span>
              {rule?.alt != null && isImage(file) && (
                <input
                  id={`${id}-${file.id}`}
                  className={`field ${css.alt}`}
                  aria-label={t("reply.files.alt", { name: file.name })}
                  placeholder={t("reply.files.altPlaceholder")}
                  value={file.alt ?? ""}
                  onChange={(event) => describe(file, event.currentTarget.value)}
                />
              )}
            </div>
            <button
              type="button"
              className={plain.plain}
              aria-label={t("reply.files.remove", { name: file.name })}
              onClick={() => onRemove(file)}
            >
              <Icon name="close" size={15} />
            </button>
          </li>
        ))}
        {coming.map((name) => (
          <li key={name} className={css.file}>
            <span className={css.shown}>
              <Loading />
            </span>
            <span className={css.name}>{t("reply.files.coming", { name })}</span>
          </li>
        ))}
      </ul>
      {trouble && (
        <p className={css.wrong} role="alert">
          <Icon name="warning" size={13} />
          {trouble.kind === "none" && t("reply.files.wrong.none")}
          {trouble.kind === "many" && t("reply.files.wrong.many", { count: trouble.most })}
          {trouble.kind === "type" && t("reply.files.wrong.type", { name: trouble.name })}
          {trouble.kind === "big" &&
            t("reply.files.wrong.big", { name: trouble.name, size: bytes(trouble.most, locale) })}
          {trouble.kind === "alone" && t("reply.files.wrong.alone", { name: trouble.name })}
          {trouble.kind === "private" && t("reply.files.wrong.private")}
          {trouble.kind === "alt" &&
            t("reply.files.wrong.alt", { name: trouble.name, most: number(trouble.most, locale) })}
        </p>
      )}
    </>
  );
}

function Shown({ file }: { file: Attachment }) {
  return (
    <span className={css.shown}>
      {isImage(file) ? (
        <img src={attachmentAddress(file.id)} alt={file.alt ?? ""} />
      ) : (
        <Icon name="download" size={20} />
      )}
    </span>
  );
}

interface AddFilesProps {
  rule: AttachmentRule;
  onFiles: (files: File[]) => void;
}

/** Brings files from the machine; they can be dropped on the box or pasted into it as well. */
export function AddFiles({ rule, onFiles }: AddFilesProps) {
  const { t } = useTranslation();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        hidden
        multiple={rule.most > 1}
        accept={rule.media_types.join(",")}
        onChange={(event) => {
          onFiles([...(event.currentTarget.files ?? [])]);
          // The same file may be chosen again after it was taken away.
          event.currentTarget.value = "";
        }}
      />
      <button type="button" className={plain.plain} title={t("reply.files.how")} onClick={() => input.current?.click()}>
        {t("reply.files.add")}
      </button>
    </>
  );
}

/** What went out, or will go out, with a reply; of what was removed since, its name and size. */
export function SentFiles({ files }: { files: readonly Attachment[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const zone = useZone();
  if (files.length === 0) return null;
  return (
    <ul className={css.sent} aria-label={t("reply.files.list")}>
      {files.map((file) => (
        <li key={file.id}>
          {file.removed_at ? (
            <span className="dim">
              {t("reply.files.removed", {
                name: file.name,
                size: bytes(file.size, locale),
                when: when(file.removed_at, zone, locale, Date.now()),
              })}
            </span>
          ) : (
            <a href={attachmentAddress(file.id)} target="_blank" rel="noopener" title={file.name}>
              {isImage(file) ? <Shown file={{ ...file, alt: file.alt || file.name }} /> : file.name}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
