-- requests in the last period of a limit; a server that ends badly may forget them
CREATE UNLOGGED TABLE requests (
    counted text COLLATE "C" NOT NULL, client bytea NOT NULL,
    time timestamptz NOT NULL DEFAULT clock_timestamp(), expires timestamptz NOT NULL
);
CREATE INDEX requests_client ON requests (counted, client, time);
CREATE INDEX requests_expires ON requests (expires);
