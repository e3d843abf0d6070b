-- Once, after the first samskab migrate (or samskab restore, or samskab move), as a superuser on the database samskab.
-- After a count the service rewrites this table, so that no page of a sealed vote remains; only its owner can.
GRANT CREATE ON SCHEMA public TO samskab_run;
ALTER TABLE voter OWNER TO samskab_run;
REVOKE CREATE ON SCHEMA public FROM samskab_run;
