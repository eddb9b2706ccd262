import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { createView, deleteView, updateView, type View, type ViewDraft } from "~/api/archive";
import { viewsQuery } from "~/api/queries";
import { useProblemText } from "~/components/use-problem-text";
import { showToast } from "./toasts";

/** Saved views: named addresses of a page, one's own and those that others share. */
export function useViews(page: View["page"]) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const open = useOpenView();
  const problemText = useProblemText();
  const query = useQuery(viewsQuery);
  const views = (query.data ?? []).filter((view) => view.page === page);

  const put = (view: View) =>
    cache.setQueryData<View[]>(viewsQuery.queryKey, (before) =>
      [...(before ?? []).filter((one) => one.id !== view.id), view].sort((a, b) => a.name.localeCompare(b.name)),
    );

  /** Throws what the form must show, as that the name is taken. */
  const save = async (draft: Omit<ViewDraft, "page">, id?: string) => {
    const body = { ...draft, page };
    put(id ? await updateView(id, body) : await createView(body));
    showToast({ kind: "done", text: t("search.views.saved", { name: draft.name }) });
  };

  const remove = async (view: View) => {
    try {
      await deleteView(view.id);
    } catch (error) {
      showToast({ kind: "error", text: problemText(error) });
      return;
    }
    cache.setQueryData<View[]>(viewsQuery.queryKey, (before) => before?.filter((one) => one.id !== view.id));
    const { name, address, shared } = view;
    showToast({
      kind: "done",
      text: t("search.views.deleted", { name }),
      undo: () =>
        void createView({ name, page, address, shared }).then(put, (error: unknown) =>
          showToast({ kind: "error", text: problemText(error) }),
        ),
    });
  };

  return { query, views, save, remove, open };
}

/** Goes to the address a view names. */
export function useOpenView(): (view: Pick<View, "page" | "address">) => void {
  const router = useRouter();
  return ({ page, address }) => {
    const search = address.replace(/^\?/, "");
    router.history.push(`/${page}${search ? `?${search}` : ""}`);
  };
}
