-- What the people of a workspace taught its models. Corrections of the shipped models; the shipped ones themselves are no row.
CREATE TABLE model (
    id {id},
    workspace_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    -- active, candidate, refused, retired
    state TEXT NOT NULL,
    -- Version of the shipped models that it corrects, and of those with the correction.
    base TEXT NOT NULL,
    version TEXT NOT NULL,
    -- JSON: examples, scores before and after, why it was taken or refused.
    manifest TEXT NOT NULL,
    -- Null: it was refused.
    bytes {bytes},
    -- The newest label and the newest blind answer that it knew.
    last_label BIGINT NOT NULL,
    last_answer BIGINT NOT NULL
);
CREATE INDEX model_of_workspace ON model (workspace_id, id);
CREATE UNIQUE INDEX model_in_use ON model (workspace_id) WHERE state = 'active';
