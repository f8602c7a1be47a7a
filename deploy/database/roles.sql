-- The five roles of the database and the portal's database itself, made by a superuser:
--
--   psql -v ON_ERROR_STOP=1 -v database=pug -f deploy/database/roles.sql postgres
--
-- May be run again at any time: it brings every role back to what stands here. No role gets a
-- password: on one machine they come by socket and system user (peer, pg_ident.conf); for a
-- database elsewhere give each its own with \password. What each may do with which table is
-- said by `manage.py secure_database`, as pug_owner, after every `manage.py migrate`.

\if :{?database}
\else
  \set database pug
\endif

do $$
declare
  one text;
begin
  foreach one in array array['pug_owner', 'pug_app', 'pug_duty', 'pug_read', 'pug_backup'] loop
    begin
      execute format('create role %I', one);
    exception when duplicate_object or unique_violation then
      null; -- stands already, or somebody is making it at this moment
    end;
  end loop;
end $$;

-- Owns the tables and changes their shape (migrate). Nothing that people reach runs as this role.
alter role pug_owner with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls inherit;
-- The web: reads and writes rows, and only those of the villages of the person who asks.
alter role pug_app with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
-- Worker, keeper of duties, timers, commands: rows of every village, for nobody in particular.
alter role pug_duty with login nosuperuser nocreatedb nocreaterole noreplication bypassrls noinherit;
-- Reports by other tools: reads what holds no secret, writes nothing.
alter role pug_read with login nosuperuser nocreatedb nocreaterole noreplication nobypassrls noinherit;
alter role pug_read set default_transaction_read_only = on;
-- Copies everything: reads all rows and the write-ahead log, writes nothing.
alter role pug_backup with login nosuperuser nocreatedb nocreaterole replication bypassrls inherit;
alter role pug_backup set default_transaction_read_only = on;
set client_min_messages = warning; -- not a word when she has it already
grant pg_read_all_data to pug_backup;

-- Whoever could act as another role would have its rights: nobody may.
select format('revoke %I from %I', inside.rolname, member.rolname)
  from pg_auth_members m
  join pg_roles inside on inside.oid = m.roleid
  join pg_roles member on member.oid = m.member
 where member.rolname in ('pug_owner', 'pug_app', 'pug_duty', 'pug_read', 'pug_backup')
   and (member.rolname, inside.rolname) <> ('pug_backup', 'pg_read_all_data')
\gexec

select format('create database %I owner pug_owner encoding %L template template0', :'database', 'UTF8')
 where not exists (select from pg_database where datname = :'database')
\gexec
select format('alter database %I owner to pug_owner', :'database')
\gexec
select format('revoke all on database %I from public', :'database')
\gexec
select format('grant connect on database %I to pug_app, pug_duty, pug_read, pug_backup', :'database')
\gexec
