-- Who we are on networks, and what we say there.

CREATE TABLE account (
    id {id},
    workspace_id BIGINT NOT NULL,
    connector TEXT NOT NULL,
    name TEXT NOT NULL,
    settings TEXT NOT NULL,
    -- Null: the company's. Else whose it is, and when they agreed.
    holder_user BIGINT,
    consent_at BIGINT,
    state TEXT NOT NULL,
    -- Another person than the writer has to agree to each reply.
    needs_approval BIGINT NOT NULL,
    -- JSON: what the network said of it when it was last asked.
    facts TEXT,
    checked_at BIGINT,
    problem_code TEXT,
    problem TEXT,
    created_at BIGINT NOT NULL,
    disconnected_at BIGINT
);
CREATE UNIQUE INDEX account_name ON account (workspace_id, name) WHERE disconnected_at IS NULL;

CREATE TABLE account_secret (
    account_id BIGINT NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    secret_key TEXT NOT NULL,
    workspace_id BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    PRIMARY KEY (account_id, secret_key)
);

CREATE TABLE reply (
    id {id},
    workspace_id BIGINT NOT NULL,
    mention_id BIGINT NOT NULL,
    -- JSON: what is answered, as the network knows it. The mention may be gone before the reply is on its way.
    target TEXT NOT NULL,
    account_id BIGINT NOT NULL,
    visibility TEXT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    send_after BIGINT NOT NULL,
    -- How often it was handed to the network, and how often the network was asked in vain since it was last handed over.
    attempts BIGINT NOT NULL,
    looks BIGINT NOT NULL,
    first_tried_at BIGINT,
    -- Begin of the present row of tries: a person can begin another one.
    tries_began_at BIGINT,
    -- When something is to be done for it next; null: nothing by itself.
    next_at BIGINT,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL,
    lease_fence BIGINT NOT NULL,
    urn TEXT,
    url TEXT,
    problem_code TEXT,
    problem TEXT,
    written_kind TEXT NOT NULL,
    written_id BIGINT,
    written_name TEXT NOT NULL,
    -- Who worded it as it is now: they cannot approve it.
    worded_kind TEXT NOT NULL,
    worded_id BIGINT,
    approved_kind TEXT,
    approved_id BIGINT,
    approved_name TEXT,
    created_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE INDEX reply_due ON reply (account_id, next_at) WHERE next_at IS NOT NULL;
CREATE INDEX reply_leased ON reply (account_id) WHERE lease_owner IS NOT NULL;
CREATE INDEX reply_of_mention ON reply (mention_id, id);
CREATE INDEX reply_in_state ON reply (workspace_id, state, id);
CREATE INDEX reply_of_workspace ON reply (workspace_id, id);
