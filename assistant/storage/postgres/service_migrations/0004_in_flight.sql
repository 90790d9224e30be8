-- the questions that each server is answering or keeps waiting; a server that is not seen has died
CREATE UNLOGGED TABLE in_flight (
    server uuid PRIMARY KEY, questions integer NOT NULL, seen timestamptz NOT NULL
);
