/** An answer that says what went wrong (`application/problem+json`), or the lack of any answer. */
export class Problem extends Error {
  constructor(
    /** HTTP status; 0 when nothing answered. */
    readonly status: number,
    /** Stable word for machines. */
    readonly code: string,
    /** One sentence for people, already in their language; empty when the server gave none. */
    readonly detail: string,
    readonly fields: FieldProblem[] = [],
    /** Seconds the server asks to wait. */
    readonly retryAfterSeconds: number | null = null,
    /** The whole body, for endpoints that add to it. */
    readonly body: Record<string, unknown> = {},
  ) {
    super(detail || code);
    this.name = "Problem";
  }

  /** Nothing answered, or a proxy answered in its stead: worth trying again by itself. */
  get unreachable(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export interface FieldProblem {
  field: string;
  code: string;
  message: string;
}

/** Reads a problem from whatever an error answer held. */
export function problemOf(response: Response, body: unknown): Problem {
  const known = typeof body === "object" && body !== null ? (body as Record<string, unknown>) : {};
  const text = (key: string): string => (typeof known[key] === "string" ? (known[key] as string) : "");
  const fields = Array.isArray(known.errors) ? (known.errors as FieldProblem[]) : [];
  const wait = Number(response.headers.get("retry-after"));
  return new Problem(
    response.status,
    text("code") || `http_${response.status}`,
    text("detail") || text("title"),
    fields,
    Number.isFinite(wait) && wait > 0 ? wait : null,
    known,
  );
}

export function isProblem(error: unknown, code?: string): error is Problem {
  return error instanceof Problem && (code === undefined || error.code === code);
}
