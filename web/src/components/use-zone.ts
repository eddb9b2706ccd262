import { useQuery } from "@tanstack/react-query";
import { sessionQuery } from "~/api/queries";

/** The time zone of the workspace, in which days begin and charts are cut. */
export function useZone(): string {
  const workspace = useQuery(sessionQuery).data?.workspace as { time_zone?: string } | undefined;
  return workspace?.time_zone ?? "UTC";
}
