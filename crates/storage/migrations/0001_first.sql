-- One text for both engines. Words in braces are the few types that differ; see `src/migrate.rs`.
-- Flags are 0/1, times are UTC microseconds, everything that is JSON is TEXT.

CREATE TABLE workspace (
    id {id},
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    -- Number of the newest event; its row is the lock that puts events in the order of commits.
    last_event BIGINT NOT NULL
);

CREATE TABLE event (
    workspace_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT,
    kind TEXT NOT NULL,
    subject BIGINT NOT NULL,
    topic_id BIGINT,
    change TEXT,
    PRIMARY KEY (workspace_id, id)
){clustered};

CREATE TABLE app_user (
    id {id},
    workspace_id BIGINT NOT NULL,
    login TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE setup_secret (
    workspace_id BIGINT PRIMARY KEY,
    digest {bytes} NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE TABLE session (
    digest {bytes} PRIMARY KEY,
    workspace_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
){clustered};
CREATE INDEX session_expiry ON session (expires_at);

CREATE TABLE token (
    id {id},
    workspace_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    scopes TEXT NOT NULL,
    digest {bytes} NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);

CREATE TABLE idempotent_answer (
    workspace_id BIGINT NOT NULL,
    request_key TEXT NOT NULL,
    request {bytes} NOT NULL,
    status BIGINT NOT NULL,
    body {bytes} NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, request_key)
);
CREATE INDEX idempotent_answer_expiry ON idempotent_answer (expires_at);

CREATE TABLE topic (
    id {id},
    workspace_id BIGINT NOT NULL,
    name TEXT NOT NULL,
    level TEXT NOT NULL,
    kind TEXT NOT NULL,
    query TEXT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    deleted_at BIGINT,
    -- Counters: a list of topics must not count mentions.
    mentions BIGINT NOT NULL,
    last_mention_at BIGINT
);
CREATE UNIQUE INDEX topic_live_name ON topic (workspace_id, name) WHERE deleted_at IS NULL;

CREATE TABLE topic_version (
    topic_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    workspace_id BIGINT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (topic_id, version)
);

CREATE TABLE source (
    id {id},
    workspace_id BIGINT NOT NULL,
    connector TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    cursor TEXT,
    created_at BIGINT NOT NULL,
    last_success_at BIGINT,
    last_item_at BIGINT,
    newest_published_at BIGINT,
    lag_us BIGINT,
    quota_limit BIGINT,
    quota_remaining BIGINT,
    quota_resets_at BIGINT,
    problem_code TEXT,
    problem TEXT,
    problem_since BIGINT,
    next_attempt_at BIGINT,
    lease_owner TEXT,
    lease_fence BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    UNIQUE (workspace_id, name)
);

CREATE TABLE source_secret (
    source_id BIGINT NOT NULL REFERENCES source (id) ON DELETE CASCADE,
    secret_key TEXT NOT NULL,
    workspace_id BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (source_id, secret_key)
);

CREATE TABLE gap (
    id {id},
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    cause TEXT NOT NULL
);
CREATE INDEX gap_of_source ON gap (source_id, from_at);

CREATE TABLE ledger (
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    -- Start of the hour.
    hour BIGINT NOT NULL,
    received BIGINT NOT NULL,
    stored BIGINT NOT NULL,
    unmatched BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, source_id, hour)
){clustered};

CREATE TABLE ledger_total (
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    received BIGINT NOT NULL,
    stored BIGINT NOT NULL,
    unmatched BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, source_id)
){clustered};

CREATE TABLE rejection (
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    reason TEXT NOT NULL,
    items BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, source_id, reason)
){clustered};

CREATE TABLE quarantine (
    id {id},
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    at BIGINT NOT NULL,
    reason TEXT NOT NULL,
    place TEXT NOT NULL,
    message TEXT NOT NULL,
    sample TEXT NOT NULL
);
CREATE INDEX quarantine_of_source ON quarantine (source_id, id);

CREATE TABLE delivery (
    workspace_id BIGINT NOT NULL,
    source_id BIGINT NOT NULL,
    delivery TEXT NOT NULL,
    at BIGINT NOT NULL,
    received BIGINT NOT NULL,
    stored BIGINT NOT NULL,
    unmatched BIGINT NOT NULL,
    duplicate BIGINT NOT NULL,
    rejected BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, source_id, delivery)
);
CREATE INDEX delivery_age ON delivery (at);

-- Every URN there is, by its hash. `place` > 0: the id of the stored post; < 0: in the kept stream, counted as unmatched in the
-- hour -place-1 since 1970; 0: deleted from the kept stream by its network.
CREATE TABLE known_urn (
    workspace_id BIGINT NOT NULL,
    urn_key {bytes} NOT NULL,
    place BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, urn_key)
){clustered};

CREATE TABLE post (
    id {id},
    workspace_id BIGINT NOT NULL,
    urn TEXT NOT NULL,
    source_id BIGINT NOT NULL,
    network TEXT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT,
    author_urn TEXT,
    author_handle TEXT,
    author_name TEXT,
    -- Lower-case forms for the author filter; null where the shown form is lower case already.
    author_handle_lower TEXT,
    author_name_lower TEXT,
    community_key TEXT,
    title TEXT,
    text TEXT NOT NULL,
    url TEXT,
    published_at BIGINT NOT NULL,
    fetched_at BIGINT NOT NULL,
    content_hash BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    -- JSON of what is neither searched nor sorted by; null when there is none.
    details TEXT
);

CREATE TABLE mention (
    id {id},
    workspace_id BIGINT NOT NULL,
    topic_id BIGINT NOT NULL,
    post_id BIGINT NOT NULL,
    -- Sort time of the post, here for lists in order.
    sort_at BIGINT NOT NULL,
    content_hash BIGINT NOT NULL,
    spans TEXT NOT NULL,
    state TEXT NOT NULL,
    tone TEXT,
    tags TEXT,
    copies BIGINT NOT NULL,
    copy_of BIGINT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX mention_of_post ON mention (post_id, topic_id);
CREATE INDEX mention_of_topic ON mention (topic_id, sort_at, id);
CREATE INDEX mention_in_time ON mention (workspace_id, sort_at, id);
CREATE INDEX mention_same_words ON mention (content_hash, topic_id) WHERE copy_of IS NULL AND content_hash <> 0;
CREATE INDEX mention_copies ON mention (copy_of, id) WHERE copy_of IS NOT NULL;

CREATE TABLE mention_tag (
    workspace_id BIGINT NOT NULL,
    tag TEXT NOT NULL,
    mention_id BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, tag, mention_id)
);

-- What people decided, for training; rows are only added.
CREATE TABLE label (
    id {id},
    workspace_id BIGINT NOT NULL,
    mention_id BIGINT NOT NULL,
    post_id BIGINT NOT NULL,
    topic_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    value TEXT,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id BIGINT
);
CREATE INDEX label_of_workspace ON label (workspace_id, id);

CREATE TABLE kept_segment (
    id {id},
    workspace_id BIGINT NOT NULL,
    node BIGINT NOT NULL,
    -- Committed bytes of the file.
    length BIGINT NOT NULL,
    posts BIGINT NOT NULL,
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    closed BIGINT NOT NULL
);
CREATE INDEX kept_segment_of_workspace ON kept_segment (workspace_id, id);

-- Unmatched posts that wait until there are enough of them for a block.
CREATE TABLE kept_pending (
    id {id},
    workspace_id BIGINT NOT NULL,
    urn_key {bytes} NOT NULL,
    at BIGINT NOT NULL,
    record {bytes} NOT NULL
);
CREATE INDEX kept_pending_of_workspace ON kept_pending (workspace_id, id);

-- Posts of the kept stream that their network deleted: a scan hides them until their segment is dropped.
CREATE TABLE kept_deleted (
    workspace_id BIGINT NOT NULL,
    urn_key {bytes} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (workspace_id, urn_key)
);
