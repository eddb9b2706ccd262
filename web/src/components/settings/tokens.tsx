import { Button, Checkbox, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createToken, revokeToken } from "~/api/operations";
import { tokensQuery } from "~/api/queries";
import type { ApiToken, Scope } from "~/api/types";
import { showToast } from "~/state/toasts";
import { Copyable } from "../copyable";
import { Question } from "../dialog";
import { Notice } from "../notice";
import { PageError } from "../page-error";
import { Time } from "../time";
import { useProblemText } from "../use-problem-text";
import css from "./settings.module.css";

const SCOPES: Scope[] = ["read", "write", "push"];

/** Keys for programs. A secret is shown once, when it is made. */
export function Tokens() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const tokens = useQuery(tokensQuery);
  const [secret, setSecret] = useState<string | null>(null);
  const [doomed, setDoomed] = useState<ApiToken | null>(null);

  const revoke = async (token: ApiToken) => {
    setDoomed(null);
    try {
      await revokeToken(token.id);
      showToast({ kind: "done", text: t("tokens.revoked", { name: token.name }) });
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
    }
    await cache.invalidateQueries({ queryKey: ["tokens"] });
  };

  return (
    <section className={`card ${css.card}`}>
      <h2>{t("tokens.title")}</h2>
      <p className="dim">{t("tokens.lead")}</p>
      {tokens.isError && <PageError error={tokens.error} reset={() => void tokens.refetch()} />}
      {tokens.data && tokens.data.length > 0 && (
        <ul className={css.tokens}>
          {tokens.data.map((token) => (
            <li key={token.id}>
              <span>{token.name}</span>
              <span className="dim">{token.scopes.map((scope) => t(`scope.${scope}`)).join(", ")}</span>
              <span className="dim">
                {token.last_used_at ? (
                  <>
                    {t("tokens.used")} <Time at={token.last_used_at} />
                  </>
                ) : (
                  t("tokens.unused")
                )}
              </span>
              <Button size="compact-sm" variant="subtle" color="red" onClick={() => setDoomed(token)}>
                {t("tokens.revoke")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {secret && (
        <div className={css.once}>
          <Notice kind="warning">{t("tokens.once")}</Notice>
          <Copyable text={secret} />
        </div>
      )}
      <NewToken onCreated={setSecret} />
      <Question
        grave
        opened={doomed !== null}
        title={t("tokens.revokeTitle", { name: doomed?.name ?? "" })}
        yes={t("tokens.revoke")}
        onYes={() => doomed && void revoke(doomed)}
        onNo={() => setDoomed(null)}
      >
        <p>{t("tokens.revokeText")}</p>
      </Question>
    </section>
  );
}

function NewToken({ onCreated }: { onCreated: (secret: string) => void }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [scopes, setScopes] = useState<Scope[]>(["read"]);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const created = await createToken({ name: name.trim(), scopes });
      onCreated(created.secret);
      setName("");
      await cache.invalidateQueries({ queryKey: ["tokens"] });
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  };

  return (
    <form onSubmit={(event) => void submit(event)} className={css.new}>
      <TextInput
        label={t("tokens.name")}
        maxLength={80}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <fieldset className={css.scopes}>
        <legend className="hidden">{t("tokens.scopes")}</legend>
        {SCOPES.map((scope) => (
          <Checkbox
            key={scope}
            label={t(`scope.${scope}`)}
            checked={scopes.includes(scope)}
            onChange={(event) => {
              const on = event.currentTarget.checked;
              setScopes((before) => (on ? [...before, scope] : before.filter((one) => one !== scope)));
            }}
          />
        ))}
      </fieldset>
      <Button type="submit" variant="light" loading={busy} disabled={!name.trim() || scopes.length === 0}>
        {t("tokens.create")}
      </Button>
      {error !== null && <Notice kind="error">{problemText(error)}</Notice>}
    </form>
  );
}
