-- What somebody wants served (spec) and what is (status); the API writes the first, the reconciler the second.
create table serving.deployment (
  id text primary key,
  tenant text not null,
  name text not null,
  kind text not null check (kind in ('chat', 'predict')),
  model_name text not null,
  model_version integer not null,
  model_alias text,
  model_urn text not null,
  format text not null,
  folder text not null,
  entry_file text,
  size_bytes bigint not null,
  context_tokens integer,
  parallel integer not null,
  cpu double precision not null,
  memory_mib integer not null,
  wanted_replicas integer not null check (wanted_replicas >= 0),
  -- Goes up when the replicas must be replaced: another version, another context.
  revision integer not null default 1,
  generation integer not null default 1,
  is_stopped boolean not null default false,
  is_deleted boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  state text not null default 'starting',
  message text not null default '',
  observed_generation integer not null default 0,
  ready_replicas integer not null default 0,
  conditions jsonb not null default '[]'
);
-- The name is free again as soon as the deletion is asked for; the old replicas go by id.
create unique index deployment_name on serving.deployment (tenant, name) where not is_deleted;
create index deployment_newest on serving.deployment (tenant, created_at desc, id) where not is_deleted;
create index deployment_model on serving.deployment (tenant, model_name) where not is_deleted;

create table serving.replica (
  id text primary key,
  tenant text not null,
  deployment_id text not null references serving.deployment (id) on delete cascade,
  index integer not null,
  revision integer not null,
  phase text not null,
  message text not null,
  restarts integer not null default 0,
  started_at timestamptz,
  ready_at timestamptz,
  next_start_at timestamptz not null default now(),
  draining_since timestamptz
);
create index replica_deployment on serving.replica (deployment_id, index);

-- Tokens taken out of a day's quota: used, or lent to a gateway process that has not used them yet.
create table serving.token_day (
  tenant text not null,
  day date not null,
  taken bigint not null default 0,
  primary key (tenant, day)
);

-- Intervals of use, written by gateways every second; reported to control, then kept as the day's counters of an endpoint.
create table serving.usage (
  id text primary key,
  tenant text not null,
  deployment_name text not null,
  subject text not null,
  day date not null,
  requests integer not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  from_time timestamptz not null,
  to_time timestamptz not null,
  is_reported boolean not null default false
);
create index usage_day on serving.usage (tenant, day, deployment_name);
create index usage_unreported on serving.usage (tenant) where not is_reported;

do $$
declare
  name text;
begin
  foreach name in array array['deployment', 'replica', 'token_day', 'usage'] loop
    execute format('alter table serving.%I enable row level security', name);
    execute format('alter table serving.%I force row level security', name);
    execute format('create policy tenant on serving.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
