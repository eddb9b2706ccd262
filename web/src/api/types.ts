/** The shapes of the API, by the names the app uses. */

export type Severity = "error" | "warning";
export type TopicLevel = "company" | "brand" | "product" | "service";
export type TopicKind = "own" | "competitor" | "market";
export type MentionState = "new" | "kept" | "binned";
export type Tone = "negative" | "neutral" | "positive";
export type SourceState = "starting" | "running" | "silent" | "failing" | "stopped" | "paused" | "finished";
export type Scope = "read" | "write" | "push";

export interface Me {
  user: { id: string; name: string; login: string; role: string; locale: string };
  workspace: { id: string; name: string };
  version: string;
  live_demo: boolean;
}

export interface TopicDraft {
  name: string;
  level: TopicLevel;
  kind: TopicKind;
  query: string;
}

export interface Topic extends TopicDraft {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
  mentions: number;
  last_mention_at: string | null;
}

export interface Diagnostic {
  severity: Severity;
  code: string;
  /** UTF-16 code units of the query. */
  start: number;
  end: number;
  message: string;
  replacement: string | null;
}

export interface QueryCheck {
  valid: boolean;
  diagnostics: Diagnostic[];
  explanation: string | null;
}

export interface Span {
  in_title: boolean;
  /** UTF-16 code units of the title or the text. */
  start: number;
  end: number;
}

export interface Post {
  id: string | null;
  urn: string;
  network: string;
  kind: string;
  title: string | null;
  text: string;
  language: string | null;
  url: string | null;
  published_at: string;
  fetched_at: string;
  author: {
    name: string | null;
    handle: string | null;
    url: string | null;
    followers: number | null;
    verified: boolean | null;
    bot: boolean | null;
  };
  community: { key: string; title: string | null; url: string | null } | null;
  links: string[];
  media: { kind: string; url: string; alt: string | null }[];
  engagement: {
    likes: number | null;
    reposts: number | null;
    comments: number | null;
    views: number | null;
    rating: number | null;
  };
  in_reply_to: string | null;
  repost_of: string | null;
  deleted: boolean;
}

export interface Preview {
  hits: { post: Post; spans: Span[] }[];
  scanned: number;
  matched: number;
  since: string | null;
  per_day: number | null;
  cut_short: boolean;
}

export interface Suggestion {
  query: string;
  spellings: string[];
  exclusions: { clause: string; reason: string }[];
}

export interface Mention {
  id: string;
  topic_id: string;
  topic_ids: string[];
  source_id: string;
  post: Post;
  spans: Span[];
  state: MentionState;
  tone: Tone | null;
  tags: string[];
  copies: number;
  copy_of: string | null;
  created_at: string;
}

export interface MentionPage {
  items: Mention[];
  next_cursor: string | null;
}

export interface MentionChange {
  ids: string[];
  state?: MentionState;
  tone?: Tone | null;
  add_tags?: string[];
  remove_tags?: string[];
}

export interface Setting {
  key: string;
  kind: "text" | "url" | "secret" | "number" | "flag" | "choice" | "list";
  label: string;
  help: string;
  required: boolean;
  default: string | null;
  placeholder: string | null;
  min?: number | null;
  max?: number | null;
  choices?: { value: string; label: string }[] | null;
}

export interface Connector {
  name: string;
  title: string;
  summary: string;
  mode: "poll" | "stream" | "push" | "file";
  capabilities: Record<string, boolean>;
  settings: Setting[];
  add_by_hand: boolean;
}

export interface Tally {
  received: number;
  stored: number;
  unmatched: number;
  duplicate: number;
  rejected: number;
}

export interface SourceDraft {
  connector: string;
  name: string;
  settings: Record<string, string>;
  secrets: Record<string, string>;
}

export interface Source {
  id: string;
  connector: string;
  name: string;
  settings: Record<string, string>;
  secret_keys: string[];
  state: SourceState;
  created_at: string;
  last_success_at: string | null;
  last_item_at: string | null;
  newest_published_at: string | null;
  lag_seconds: number | null;
  quota: { limit: number; remaining: number; resets_at: string | null } | null;
  problem: { code: string; message: string; advice: string; since: string | null } | null;
  next_attempt_at: string | null;
  tally: Tally;
}

export type CreatedSource = Source & { push_secret?: string | null };

export interface Gap {
  from: string;
  to: string | null;
  cause: string;
}

export type LedgerHour = Tally & { hour: string };

export interface SourceLedger {
  total: Tally;
  rejections: { reason: string; count: number }[];
  hours: LedgerHour[];
  gaps: Gap[];
  quarantine: { at: string; reason: string; place: string; message: string; sample: string }[];
}

export interface Ledger {
  total: Tally;
  balances: boolean;
  sources: (Tally & { source_id: string })[];
  kept: { posts: number; bytes: number; oldest: string | null; newest: string | null };
  hours: LedgerHour[];
}

export interface ApiToken {
  id: string;
  name: string;
  scopes: Scope[];
  created_at: string;
  last_used_at: string | null;
}

/** One row of the event log, as the live stream brings it. */
export interface LogEvent {
  id: string;
  at: string;
  kind: string;
  subject_id: string;
  topic_id: string | null;
  actor: { kind: string; id: string | null };
}
