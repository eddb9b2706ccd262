import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { createOwner, getSetup } from "~/api/operations";
import { isProblem, Problem } from "~/api/problem";
import { sessionQuery } from "~/api/queries";
import { Door } from "~/components/door/door";
import css from "~/components/door/door.module.css";
import { Loading } from "~/components/loading";
import { Notice } from "~/components/notice";
import { PageError } from "~/components/page-error";
import { useLocale } from "~/components/use-locale";
import { useProblemText } from "~/components/use-problem-text";

const SHORTEST_PASSWORD = 10;

/** The one-time link leads here: its secret stands behind the `#`, which browsers do not send anywhere. */
export function Setup() {
  const { t } = useTranslation();
  const setup = useQuery({ queryKey: ["setup"], queryFn: getSetup, staleTime: 0, gcTime: 0 });
  const [secret] = useState(() => decodeURIComponent(location.hash.slice(1)));

  if (setup.isPending) return <Loading />;
  if (setup.isError) return <PageError page error={setup.error} reset={() => void setup.refetch()} />;
  if (!setup.data.needed) return <Navigate to="/sign-in" search={{}} replace />;
  if (!secret) {
    return (
      <Door title={t("setup.title")}>
        <Notice kind="info">{t("setup.noSecret")}</Notice>
      </Door>
    );
  }
  return <OwnerForm secret={secret} />;
}

function OwnerForm({ secret }: { secret: string }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const [name, setName] = useState("");
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const fieldError = (field: string): string | undefined =>
    error instanceof Problem ? error.fields.find((one) => one.field === field)?.message : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
      const owner = { secret, name: name.trim(), login: login.trim(), password, locale, time_zone: zone };
      const me = await createOwner(owner);
      cache.setQueryData(sessionQuery.queryKey, me);
      await navigate({ to: "/welcome", replace: true });
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  };

  const shortPassword = password.length > 0 && password.length < SHORTEST_PASSWORD;
  const general = error !== null && !(error instanceof Problem && error.fields.length > 0);
  return (
    <Door title={t("setup.title")}>
      <p className={css.lead}>{t("setup.lead")}</p>
      <form onSubmit={(event) => void submit(event)}>
        <TextInput
          label={t("setup.name")}
          name="name"
          autoComplete="name"
          autoFocus
          required
          value={name}
          error={fieldError("name")}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={t("signIn.login")}
          name="login"
          autoComplete="username"
          required
          value={login}
          error={fieldError("login")}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("signIn.password")}
          name="password"
          autoComplete="new-password"
          required
          value={password}
          description={t("setup.passwordHint", { count: SHORTEST_PASSWORD })}
          error={fieldError("password")}
          visibilityToggleButtonProps={{ "aria-label": t("signIn.showPassword") }}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {general && (
          <Notice kind="error">
            {isProblem(error, "setup_link_invalid") ? t("setup.linkInvalid") : problemText(error)}
          </Notice>
        )}
        <Button
          type="submit"
          fullWidth
          loading={busy}
          disabled={!name.trim() || !login.trim() || password.length === 0 || shortPassword}
        >
          {t("setup.submit")}
        </Button>
      </form>
    </Door>
  );
}
