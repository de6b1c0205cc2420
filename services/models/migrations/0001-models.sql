create table models.experiment (
  tenant text not null,
  id text not null,
  name text not null,
  description text not null default '',
  is_deleted boolean not null default false,
  created_by text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_run_at timestamptz,
  primary key (tenant, id),
  unique (tenant, name)
);
create index experiment_recent on models.experiment (tenant, (coalesce(last_run_at, created_at)) desc, id) where not is_deleted;

create table models.experiment_tag (
  tenant text not null,
  experiment_id text not null,
  key text not null,
  value text not null,
  primary key (tenant, experiment_id, key),
  foreign key (tenant, experiment_id) references models.experiment (tenant, id) on delete cascade
);

create table models.run (
  tenant text not null,
  id text not null,
  experiment_id text not null,
  name text not null,
  state text not null check (state in ('running', 'scheduled', 'finished', 'failed', 'killed')),
  is_deleted boolean not null default false,
  created_by text not null,
  started_ms bigint not null,
  ended_ms bigint,
  origin jsonb not null,
  primary key (tenant, id),
  foreign key (tenant, experiment_id) references models.experiment (tenant, id) on delete cascade
);
create index run_of_experiment on models.run (tenant, experiment_id, started_ms desc, id);
create index run_recent on models.run (tenant, started_ms desc, id);
create index run_of_job on models.run (tenant, (origin ->> 'jobUrn')) where origin ->> 'jobUrn' is not null;

-- One row per run and metric: what lists, filters and orders need. The points of the history carry only the number of their series.
create table models.metric_series (
  tenant text not null,
  run_id text not null,
  key text not null,
  id bigint generated always as identity unique,
  points bigint not null default 0,
  last_value double precision,
  last_step bigint,
  last_ms bigint,
  lowest double precision,
  highest double precision,
  primary key (tenant, run_id, key),
  foreign key (tenant, run_id) references models.run (tenant, id) on delete cascade
);
-- The whole point is the key: writing a batch again finds every point there, at the same cost whatever the history.
create table models.metric_point (
  tenant text not null,
  series bigint not null references models.metric_series (id) on delete cascade,
  step bigint not null,
  at_ms bigint not null,
  value double precision not null,
  primary key (series, step, at_ms, value)
);

create table models.param (
  tenant text not null,
  run_id text not null,
  key text not null,
  value text not null,
  primary key (tenant, run_id, key),
  foreign key (tenant, run_id) references models.run (tenant, id) on delete cascade
);
create table models.run_tag (
  tenant text not null,
  run_id text not null,
  key text not null,
  value text not null,
  primary key (tenant, run_id, key),
  foreign key (tenant, run_id) references models.run (tenant, id) on delete cascade
);
create table models.run_dataset (
  tenant text not null,
  run_id text not null,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  tags jsonb not null default '{}',
  urn text,
  primary key (tenant, run_id, name, digest),
  foreign key (tenant, run_id) references models.run (tenant, id) on delete cascade
);

create table models.logged_model (
  tenant text not null,
  id text not null,
  experiment_id text not null,
  run_id text,
  name text not null,
  model_type text not null default '',
  state text not null check (state in ('pending', 'ready', 'failed')),
  is_deleted boolean not null default false,
  staging_id text not null,
  params jsonb not null default '{}',
  tags jsonb not null default '{}',
  created_by text not null,
  created_ms bigint not null,
  updated_ms bigint not null,
  primary key (tenant, id),
  foreign key (tenant, experiment_id) references models.experiment (tenant, id) on delete cascade
);
create index logged_model_of_experiment on models.logged_model (tenant, experiment_id, created_ms desc, id);
create index logged_model_of_run on models.logged_model (tenant, run_id) where run_id is not null;
create table models.logged_model_metric (
  tenant text not null,
  model_id text not null,
  run_id text not null,
  key text not null,
  dataset_name text not null default '',
  dataset_digest text not null default '',
  value double precision not null,
  step bigint not null,
  at_ms bigint not null,
  primary key (tenant, model_id, run_id, key, dataset_name, dataset_digest),
  foreign key (tenant, model_id) references models.logged_model (tenant, id) on delete cascade
);
create table models.run_model (
  tenant text not null,
  run_id text not null,
  model_id text not null,
  direction text not null check (direction in ('input', 'output')),
  step bigint not null default 0,
  primary key (tenant, run_id, direction, model_id),
  foreign key (tenant, run_id) references models.run (tenant, id) on delete cascade
);

-- The files the platform knows; written after the bytes are there, so a reader sees a file whole or not at all.
-- owner: runs/<id>, logged-models/<id> or versions/<id>. Files of runs are objects of their own (object_id) and can be replaced;
-- the files of logged models and versions become objects all at once and are never changed.
create table models.artifact (
  tenant text not null,
  owner text not null,
  path text collate "C" not null,
  object_id text,
  size_bytes bigint not null,
  sha256 text not null,
  created_at timestamptz not null default now(),
  primary key (tenant, owner, path)
);

create table models.model (
  tenant text not null,
  name text not null,
  description text not null default '',
  tags jsonb not null default '{}',
  last_version integer not null default 0,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant, name)
);
create index model_recent on models.model (tenant, updated_at desc, name);

create table models.model_version (
  tenant text not null,
  model text not null,
  version integer not null,
  id text not null,
  description text not null default '',
  tags jsonb not null default '{}',
  stage text not null default 'None',
  source text not null,
  owner text not null,
  run_id text,
  logged_model_id text,
  format text not null,
  entry_file text,
  size_bytes bigint not null,
  file_count integer not null,
  sha256 text not null,
  facts jsonb not null default '{}',
  signature jsonb,
  warnings jsonb not null default '[]',
  quarantine_reason text,
  approval jsonb,
  origin jsonb not null,
  producer_urn text,
  output text,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant, model, version),
  unique (tenant, id),
  foreign key (tenant, model) references models.model (tenant, name) on update cascade on delete cascade
);
create unique index version_of_output on models.model_version (tenant, producer_urn, output) where producer_urn is not null;
create index version_of_run on models.model_version (tenant, run_id) where run_id is not null;
create index version_of_logged_model on models.model_version (tenant, logged_model_id) where logged_model_id is not null;

create table models.alias (
  tenant text not null,
  model text not null,
  alias text not null,
  version integer not null,
  primary key (tenant, model, alias),
  foreign key (tenant, model, version) references models.model_version (tenant, model, version) on update cascade on delete cascade
);
create index alias_of_version on models.alias (tenant, model, version);

-- Objects (keys below `models/`) whose record is gone and whose bytes are still to be removed.
create table models.removal (
  tenant text not null,
  key text not null,
  primary key (tenant, key)
);
-- What was done once for a tenant (the sample model is not made again after somebody removed it).
create table models.milestone (
  tenant text not null,
  name text not null,
  time timestamptz not null default now(),
  primary key (tenant, name)
);

do $$
declare
  name text;
begin
  foreach name in array array['experiment', 'experiment_tag', 'run', 'metric_series', 'metric_point', 'param', 'run_tag', 'run_dataset', 'logged_model',
    'logged_model_metric', 'run_model', 'artifact', 'model', 'model_version', 'alias', 'removal', 'milestone'] loop
    execute format('alter table models.%I enable row level security', name);
    execute format('alter table models.%I force row level security', name);
    execute format('create policy tenant on models.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
