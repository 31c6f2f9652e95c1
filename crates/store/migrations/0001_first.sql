-- Times are microseconds since 1970, flags 0 or 1, values of our own JSON in a text.

CREATE TABLE ledger_head (
    one NUMBER_KEY,
    seq BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO ledger_head (one, seq, hash) VALUES (1, 0, '');

-- `body` is the event as it was hashed; the other columns repeat of it what is looked for.
CREATE TABLE events (
    seq NUMBER_KEY,
    time BIGINT NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    run TEXT,
    instance TEXT,
    subject TEXT,
    result TEXT NOT NULL,
    refers BIGINT,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE INDEX events_by_kind ON events (kind, seq);
CREATE INDEX events_by_actor ON events (actor, seq);
CREATE INDEX events_by_run ON events (run, seq) WHERE run IS NOT NULL;
CREATE INDEX events_by_instance ON events (instance, seq) WHERE instance IS NOT NULL;
CREATE INDEX events_by_subject ON events (subject, seq) WHERE subject IS NOT NULL;
CREATE INDEX events_by_result ON events (result, seq);
CREATE INDEX events_by_refers ON events (refers) WHERE refers IS NOT NULL;

-- Intents without an ending.
CREATE TABLE open_intents (
    seq NUMBER_KEY,
    node TEXT NOT NULL,
    run TEXT,
    line BIGINT,
    instance TEXT
);
CREATE INDEX open_intents_by_run ON open_intents (run, line);

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    command TEXT NOT NULL,
    state TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    subject TEXT,
    instances TEXT NOT NULL,
    why TEXT,
    dry_run BIGINT NOT NULL,
    node TEXT NOT NULL,
    request TEXT NOT NULL,
    started BIGINT NOT NULL,
    ended BIGINT,
    succeeded BIGINT NOT NULL,
    skipped BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    total BIGINT
);
CREATE INDEX runs_by_state ON runs (state, id);
CREATE INDEX runs_by_subject ON runs (subject, id) WHERE subject IS NOT NULL;
CREATE INDEX runs_by_command ON runs (command, id);
CREATE INDEX runs_by_actor ON runs (actor, id);
CREATE INDEX runs_by_kind ON runs (kind, id);

CREATE TABLE records (
    run TEXT NOT NULL,
    line BIGINT NOT NULL,
    place BIGINT NOT NULL,
    instance TEXT NOT NULL,
    subject TEXT,
    result TEXT NOT NULL,
    record TEXT NOT NULL,
    hints TEXT NOT NULL,
    trace TEXT NOT NULL,
    PRIMARY KEY (run, line, place)
);
CREATE INDEX records_by_instance ON records (instance, run);
CREATE INDEX records_by_subject ON records (subject, run) WHERE subject IS NOT NULL;

CREATE TABLE people (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    profile TEXT NOT NULL,
    updated BIGINT NOT NULL
);
CREATE INDEX people_by_name ON people (name);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    expires BIGINT,
    revoked BIGINT,
    last_used BIGINT
);

CREATE TABLE sessions (
    hash TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    role TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    last_seen BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires);

CREATE TABLE answers (
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    request TEXT NOT NULL,
    run TEXT NOT NULL,
    node TEXT NOT NULL,
    status BIGINT,
    body TEXT,
    created BIGINT NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX answers_by_age ON answers (created);

CREATE TABLE instances (
    name TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

CREATE TABLE mappers (
    name TEXT PRIMARY KEY,
    text TEXT NOT NULL,
    revision BIGINT NOT NULL,
    updated BIGINT NOT NULL
);

-- A change of the configuration makes the number grow, so that every server sees it.
CREATE TABLE configuration (
    one NUMBER_KEY,
    revision BIGINT NOT NULL
);
INSERT INTO configuration (one, revision) VALUES (1, 1);

CREATE TABLE secrets (
    owner TEXT NOT NULL,
    name TEXT NOT NULL,
    key_id TEXT NOT NULL,
    data_key BYTES NOT NULL,
    sealed BYTES NOT NULL,
    updated BIGINT NOT NULL,
    PRIMARY KEY (owner, name)
);

-- What an instance keeps from one command to the next.
CREATE TABLE kept (
    instance TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (instance, name)
);

CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    started BIGINT NOT NULL,
    seen BIGINT NOT NULL
);

-- A line of a batch at one instance. `place` is that of the instance among those of the line.
CREATE TABLE tasks (
    run TEXT NOT NULL,
    line BIGINT NOT NULL,
    place BIGINT NOT NULL,
    instance TEXT NOT NULL,
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    command BYTES NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    node TEXT,
    lease BIGINT,
    fence BIGINT NOT NULL,
    PRIMARY KEY (run, line, place)
);
CREATE INDEX tasks_by_state ON tasks (state, run, line, place);
CREATE INDEX tasks_by_lane ON tasks (lane, run, line) WHERE state IN ('queued', 'leased');
