-- A job. `spec` is what was asked for, fixed for ever; the columns after `state` are what happened and are written by the reconcilers only.
create table compute.job (
  id text primary key,
  tenant text not null,
  name text not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  spec jsonb not null,
  code_sha256 text not null,
  priority integer not null,
  -- what the whole gang holds while it starts and runs
  cpu double precision not null,
  memory_mib integer not null,
  gpu integer not null,
  retry_of text,
  state text not null default 'queued' check (state in ('queued', 'starting', 'running', 'succeeded', 'failed', 'cancelled')),
  attempt integer not null default 0,
  not_before timestamptz,
  wait_reason text,
  place integer,
  cancel_requested_at timestamptz,
  cancelled_by text,
  reason text,
  exit_code integer,
  started_at timestamptz,
  attempt_started_at timestamptz,
  finished_at timestamptz,
  gpu_devices jsonb not null default '[]',
  outputs jsonb not null,
  progress jsonb,
  log_offset bigint not null default 0,
  metric_step bigint not null default 0,
  key_id text,
  usage_until timestamptz,
  is_tidy boolean not null default false
);
create index job_tenant on compute.job (tenant, id desc);
create index job_creator on compute.job (tenant, created_by, id desc);
create index job_active on compute.job (state, tenant) where state in ('queued', 'starting', 'running');
create index job_untidy on compute.job (id) where not is_tidy;

create table compute.metric (
  tenant text not null,
  job text not null references compute.job (id) on delete cascade,
  name text not null,
  step double precision not null,
  value double precision not null,
  time timestamptz not null default now(),
  primary key (job, name, step)
);

create table compute.template (
  tenant text not null,
  name text not null,
  description text not null,
  is_sample boolean not null default false,
  created_by text not null,
  updated_at timestamptz not null default now(),
  job jsonb not null,
  primary key (tenant, name)
);

do $$
declare
  name text;
begin
  foreach name in array array['job', 'metric', 'template'] loop
    execute format('alter table compute.%I enable row level security', name);
    execute format('alter table compute.%I force row level security', name);
    execute format('create policy tenant on compute.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
