import type { Setting } from "~/api/types";

/**
 * The settings of a form that is filled in like this: without those whose condition does not hold, or whose condition asks what is
 * not shown itself. A condition names an earlier setting.
 */
export function shownSettings(declared: readonly Setting[], values: Record<string, string>): Setting[] {
  const chosen = new Map<string, string>();
  return declared.filter(({ key, shown_when: condition, default: usual }) => {
    if (condition && !condition.is.includes(chosen.get(condition.setting) ?? "")) return false;
    chosen.set(key, values[key]?.trim() || (usual ?? ""));
    return true;
  });
}
