-- What people say of mentions that were drawn at random, without knowing what the machine says: from it comes how far figures are off.

-- A stretch of time whose mentions were drawn from. Stretches do not overlap.
CREATE TABLE audit_round (
    id {id},
    workspace_id BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT NOT NULL,
    drawn_at BIGINT NOT NULL,
    size BIGINT NOT NULL
);
CREATE INDEX audit_round_in_time ON audit_round (workspace_id, to_at);

CREATE TABLE audit (
    id {id},
    workspace_id BIGINT NOT NULL,
    round_id BIGINT NOT NULL,
    mention_id BIGINT NOT NULL,
    -- When the mention was published, as lists sort it.
    at BIGINT NOT NULL,
    -- The order in which they are shown.
    place BIGINT NOT NULL,
    stratum BIGINT NOT NULL,
    -- Mentions of the stratum, and those drawn of it: one stands for so many.
    population BIGINT NOT NULL,
    drawn BIGINT NOT NULL,
    -- As the mention was when it was drawn: the machine's judgement, its model, what people had set.
    said TEXT,
    model BIGINT,
    by_people BIGINT NOT NULL,
    UNIQUE (round_id, mention_id)
);
CREATE UNIQUE INDEX audit_in_round ON audit (round_id, place);

CREATE TABLE audit_answer (
    audit_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    workspace_id BIGINT NOT NULL,
    -- All null when it was skipped.
    tone TEXT,
    intents BIGINT,
    -- Null: at no stage.
    stage TEXT,
    spam BIGINT,
    relevant BIGINT,
    skipped BIGINT NOT NULL,
    seconds BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (audit_id, user_id)
){clustered};
-- What the labelling itself brought up: corrections of labelled mentions are told from others by who made them, and when.
CREATE INDEX label_of_mention ON label (mention_id);
CREATE INDEX audit_answer_of_user ON audit_answer (workspace_id, user_id, at);
