-- Access by a person's consent on the network's own page.

-- Us, as networks know us: entered by the owner, or made by the network itself. The newest of a server is the one in use.
CREATE TABLE oauth_client (
    id {id},
    workspace_id BIGINT NOT NULL,
    connector TEXT NOT NULL,
    -- Empty where the network is one.
    server TEXT NOT NULL,
    client_id TEXT NOT NULL,
    -- Its secret. Null: it has none.
    sealed {bytes},
    -- Where it may send people back to. Null: the owner entered that on the network.
    redirect TEXT,
    chosen_at BIGINT NOT NULL,
    UNIQUE (workspace_id, connector, server, client_id)
);

-- Who was sent to a network and is to come back: for ten minutes, once, in the same session.
CREATE TABLE oauth_pending (
    id {id},
    workspace_id BIGINT NOT NULL,
    connector TEXT NOT NULL,
    -- SHA-256 of what the network sends back with them.
    state {bytes} NOT NULL UNIQUE,
    -- SHA-256 of their session.
    session {bytes} NOT NULL,
    user_id BIGINT NOT NULL,
    sealed {bytes} NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What keeps an access token alive.
CREATE TABLE oauth_grant (
    -- `account` or `source`.
    owner_kind TEXT NOT NULL,
    owner_id BIGINT NOT NULL,
    workspace_id BIGINT NOT NULL,
    connector TEXT NOT NULL,
    server TEXT NOT NULL,
    client_id TEXT NOT NULL,
    sealed {bytes} NOT NULL,
    obtained_at BIGINT NOT NULL,
    -- When the access token ends, and when it can no longer be renewed; null: nobody says.
    ends_at BIGINT,
    renewable_until BIGINT,
    -- When it is renewed next. Null: it cannot be, or not any more.
    refresh_at BIGINT,
    -- Written before the network is asked, gone when its answer is: a refresh token that serves once may be spent since then.
    asked_at BIGINT,
    failures BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL,
    lease_fence BIGINT NOT NULL,
    PRIMARY KEY (owner_kind, owner_id)
);
CREATE INDEX oauth_grant_due ON oauth_grant (workspace_id, refresh_at) WHERE refresh_at IS NOT NULL;
