CREATE TABLE state (key text PRIMARY KEY, value text NOT NULL);

-- a document is of every state from the one that added it to the one that removed it
CREATE TABLE documents (
    version bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    added bigint NOT NULL, removed bigint,
    id text COLLATE "C" NOT NULL, source text COLLATE "C" NOT NULL, path text COLLATE "C" NOT NULL,
    title text NOT NULL, text text NOT NULL, characters integer NOT NULL, sha256 text NOT NULL,
    fingerprint text NOT NULL, media_type text NOT NULL, page_starts text NOT NULL,
    attribution text NOT NULL, layout text NOT NULL, checksum bigint NOT NULL,
    chunks integer NOT NULL, tokens bigint NOT NULL
) WITH (fillfactor = 90);
CREATE INDEX documents_id ON documents (id);
CREATE INDEX documents_source ON documents (source, fingerprint);
CREATE INDEX documents_path ON documents (path);
CREATE INDEX documents_added ON documents (added);
CREATE INDEX documents_removed ON documents (removed) WHERE removed IS NOT NULL;

CREATE TABLE chunks (
    "row" bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    id text COLLATE "C" NOT NULL, start integer NOT NULL, "end" integer NOT NULL,
    heading text NOT NULL, text text NOT NULL, vector uuid NOT NULL,
    keywords tsvector NOT NULL, tokens integer NOT NULL,
    repeated jsonb  -- the stems that occur more than once, with their counts
);
CREATE INDEX chunks_version ON chunks (version, start);
CREATE INDEX chunks_id ON chunks (id);
CREATE INDEX chunks_vector ON chunks (vector, "row");
CREATE INDEX chunks_keywords ON chunks USING gin (keywords) WITH (fastupdate = off);

-- how many chunks of the last state have a stem
CREATE TABLE stems (stem text COLLATE "C" PRIMARY KEY, chunks bigint NOT NULL);

CREATE TABLE abbreviations (
    version bigint NOT NULL REFERENCES documents ON DELETE CASCADE,
    short text COLLATE "C" NOT NULL, long text COLLATE "C" NOT NULL,
    short_count integer NOT NULL, long_count integer NOT NULL
);
CREATE INDEX abbreviations_version ON abbreviations (version);

CREATE TABLE files (
    source text COLLATE "C" PRIMARY KEY, size bigint NOT NULL, modified bigint NOT NULL,
    changed bigint NOT NULL, sha256 text NOT NULL
);

-- vectors that may be of no chunk: of removed documents, and of an ingestion that has not ended
CREATE TABLE loose_vectors (id uuid PRIMARY KEY);

-- how often consecutive stems stand in a text
CREATE FUNCTION occurrences(keywords tsvector, stems text[]) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT count(*)
    FROM unnest(keywords) AS first, unnest(first.positions) AS position
    WHERE first.lexeme = stems[1] AND NOT EXISTS (
        SELECT FROM generate_subscripts(stems, 1) AS place
        WHERE place > 1 AND NOT EXISTS (
            SELECT FROM unnest(keywords) AS other
            WHERE other.lexeme = stems[place] AND position + place - 1 = ANY (other.positions)
        )
    )
$$;
