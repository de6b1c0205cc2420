-- Facts in the order they became visible: rows are numbered after they commit (kernel/src/events/sequencer.ts),
-- so a reader that has seen position n has seen everything up to n.
create table kernel.event (
  id text primary key,
  position bigint,
  name text not null,
  tenant text not null,
  subject text,
  urn text not null,
  data jsonb not null,
  time timestamptz not null default clock_timestamp()
);
create sequence kernel.event_number;
create unique index event_position on kernel.event (position);
create index event_unnumbered on kernel.event (id) where position is null;
create index event_tenant on kernel.event (tenant, position);
create index event_urn on kernel.event (urn, position);

create table kernel.subscription (
  consumer text primary key,
  position bigint not null,
  failures integer not null default 0,
  last_error text,
  retry_at timestamptz
);
create table kernel.dead_letter (
  consumer text not null,
  event_id text not null,
  error text not null,
  time timestamptz not null default now(),
  primary key (consumer, event_id)
);

create table kernel.idempotency (
  tenant text not null,
  subject text not null,
  key text not null,
  operation text not null,
  request_digest text not null,
  status integer not null,
  response jsonb not null,
  time timestamptz not null default now(),
  primary key (tenant, subject, key)
);
create index idempotency_time on kernel.idempotency (time);

create table kernel.audit (
  position bigint generated always as identity primary key,
  tenant text not null,
  subject text not null,
  on_behalf_of text,
  via text not null,
  credential_id text,
  action text not null,
  operation text not null,
  target text not null,
  decision text not null check (decision in ('allowed', 'denied')),
  reason text,
  request_id text not null,
  time timestamptz not null default clock_timestamp(),
  previous_hash text not null,
  hash text not null
);
create index audit_tenant on kernel.audit (tenant, position);

create table kernel.reconcile_item (
  kind text not null,
  object_id text not null,
  tenant text not null,
  due_at timestamptz not null default now(),
  attempt integer not null default 0,
  lease_owner text,
  lease_until timestamptz,
  fence bigint not null default 0,
  last_error text,
  primary key (kind, object_id)
);
create index reconcile_due on kernel.reconcile_item (kind, due_at);
create index reconcile_leased on kernel.reconcile_item (kind, lease_until) where lease_until is not null;

do $$
declare
  name text;
begin
  foreach name in array array['event', 'idempotency', 'audit', 'reconcile_item'] loop
    execute format('alter table kernel.%I enable row level security', name);
    execute format('alter table kernel.%I force row level security', name);
    execute format('create policy tenant on kernel.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
