-- the ingestion that workers write for, if there is one: its generation and its table of vectors
CREATE TABLE runs (
    id uuid PRIMARY KEY, generation bigint NOT NULL, vectors text COLLATE "C" NOT NULL,
    model text NOT NULL
);

-- what became of its documents, one row each
CREATE TABLE outcomes (
    number bigint GENERATED ALWAYS AS IDENTITY,
    run uuid NOT NULL REFERENCES runs ON DELETE CASCADE, source text COLLATE "C" NOT NULL,
    reason text NOT NULL, is_lasting boolean NOT NULL, notes text NOT NULL,
    embedded integer NOT NULL, is_seen boolean NOT NULL DEFAULT FALSE, PRIMARY KEY (run, source)
);

CREATE INDEX outcomes_new ON outcomes (run, number) WHERE NOT is_seen;

-- no generation adds a document twice, whoever writes it
CREATE UNIQUE INDEX documents_once ON documents (source, added);
