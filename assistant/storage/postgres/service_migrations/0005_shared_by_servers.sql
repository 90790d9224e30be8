-- what all servers sign with
CREATE TABLE keys (name text COLLATE "C" PRIMARY KEY, key bytea NOT NULL);

-- sessions that were signed out before they would have expired
CREATE TABLE ended_sessions (session text COLLATE "C" PRIMARY KEY, until timestamptz NOT NULL);

-- questions of the chat's page, from the server that accepts them to the one that answers
CREATE UNLOGGED TABLE asked (
    id text COLLATE "C" PRIMARY KEY, page text COLLATE "C" NOT NULL, client bytea NOT NULL,
    call text NOT NULL, characters integer NOT NULL,
    time timestamptz NOT NULL DEFAULT clock_timestamp(),
    is_taken boolean NOT NULL DEFAULT FALSE, is_dropped boolean NOT NULL DEFAULT FALSE
);
CREATE INDEX asked_page ON asked (page, time);
CREATE INDEX asked_client ON asked (client);
