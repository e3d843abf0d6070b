-- psql -X -v ON_ERROR_STOP=1 -f roles.sql, as a superuser; then \password samskab_migrate and \password samskab_run
CREATE ROLE samskab_migrate LOGIN;
CREATE ROLE samskab_run LOGIN;
-- Whoever migrates may change the one table that belongs to whoever runs.
GRANT samskab_run TO samskab_migrate;
CREATE DATABASE samskab OWNER samskab_migrate TEMPLATE template0 ENCODING 'UTF8';
ALTER DATABASE samskab SET log_parameter_max_length = 0;
ALTER DATABASE samskab SET log_parameter_max_length_on_error = 0;
REVOKE ALL ON DATABASE samskab FROM PUBLIC;
GRANT CONNECT ON DATABASE samskab TO samskab_run;
\connect samskab
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO samskab_migrate;
GRANT USAGE ON SCHEMA public TO samskab_run;
ALTER DEFAULT PRIVILEGES FOR ROLE samskab_migrate IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO samskab_run;
ALTER DEFAULT PRIVILEGES FOR ROLE samskab_migrate IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO samskab_run;
