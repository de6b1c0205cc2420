create table pipelines.pipeline (
  id text primary key,
  tenant text not null,
  name text not null,
  description text not null,
  version integer not null,
  cron text,
  time_zone text,
  catch_up boolean not null default false,
  concurrency integer not null default 1,
  is_paused boolean not null default false,
  is_sample boolean not null default false,
  -- Next slot of the schedule; null without one. Written by whoever changes the schedule and by the schedule's reconciler.
  next_run_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant, name)
);
create index pipeline_list on pipelines.pipeline (tenant, updated_at desc, id desc);
create index pipeline_schedule on pipelines.pipeline (next_run_at) where next_run_at is not null;

create table pipelines.pipeline_version (
  tenant text not null,
  pipeline_id text not null references pipelines.pipeline (id) on delete cascade,
  version integer not null,
  document text not null,
  definition jsonb not null,
  -- Steps in the order they run, with what they read; found once when the document was kept.
  plan jsonb not null,
  note text,
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (pipeline_id, version)
);

create table pipelines.run (
  id text primary key,
  tenant text not null,
  pipeline_id text not null references pipelines.pipeline (id) on delete cascade,
  pipeline_name text not null,
  version integer not null,
  trigger text not null check (trigger in ('manual', 'schedule', 'rerun', 'sample')),
  logical_date timestamptz,
  rerun_of text,
  state text not null check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  wait_reason text,
  is_cancel_requested boolean not null default false,
  created_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz
);
-- One run per slot of a schedule, however many processes look at the clock.
create unique index run_slot on pipelines.run (pipeline_id, logical_date) where trigger = 'schedule';
create index run_list on pipelines.run (tenant, id desc);
create index run_of_pipeline on pipelines.run (pipeline_id, id desc);
create index run_living on pipelines.run (pipeline_id, id) where state in ('queued', 'running');

create table pipelines.run_step (
  tenant text not null,
  run_id text not null references pipelines.run (id) on delete cascade,
  name text not null,
  rank integer not null,
  state text not null check (state in ('waiting', 'running', 'succeeded', 'failed', 'skipped', 'cancelled')),
  attempt integer not null default 0,
  max_attempts integer not null,
  -- Attempts that ended in a failure; an attempt that was cut off by a crash is begun again and does not count.
  failures integer not null default 0,
  retry_at timestamptz,
  -- Who works on it: only the holder of the newest claim may write the outcome.
  claim text,
  heartbeat_at timestamptz,
  staging_id text,
  inputs jsonb not null default '[]',
  output_dataset text not null,
  output_version text,
  output_urn text,
  row_count bigint,
  reused_from_run text,
  problem jsonb,
  started_at timestamptz,
  finished_at timestamptz,
  primary key (run_id, name)
);

create table pipelines.run_log (
  tenant text not null,
  run_id text not null references pipelines.run (id) on delete cascade,
  position bigint generated always as identity,
  time timestamptz not null default clock_timestamp(),
  step text,
  attempt integer,
  level text not null check (level in ('info', 'error')),
  text text not null,
  primary key (run_id, position)
);

do $$
declare
  name text;
begin
  foreach name in array array['pipeline', 'pipeline_version', 'run', 'run_step', 'run_log'] loop
    execute format('alter table pipelines.%I enable row level security', name);
    execute format('alter table pipelines.%I force row level security', name);
    execute format('create policy tenant on pipelines.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
