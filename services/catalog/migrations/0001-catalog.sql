-- A deleted dataset keeps its row: version numbers are never reused, and a sample that was removed does not come back.
create table catalog.dataset (
  tenant text not null,
  name text not null,
  description text not null default '',
  tags text[] not null default '{}',
  owner text not null,
  is_sample boolean not null default false,
  state text not null default 'active' check (state in ('active', 'deleting', 'deleted')),
  last_version integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  -- Copies of the latest version, so that lists read one table.
  latest_version integer,
  latest_state text,
  latest_format text,
  row_count bigint,
  size_bytes bigint,
  column_names text[] not null default '{}',
  contract_state text not null default 'none' check (contract_state in ('none', 'pending', 'passed', 'failed')),
  -- Words by weight (name A, columns B, tags and owner C, description D) and trigrams of the name, for near misses.
  terms tsvector not null default '',
  grams text[] not null default '{}',
  primary key (tenant, name)
);
create index dataset_changed on catalog.dataset (tenant, updated_at desc, name) where state = 'active';
create index dataset_terms on catalog.dataset using gin (terms) where state = 'active';
create index dataset_grams on catalog.dataset using gin (grams) where state = 'active';
create index dataset_tags on catalog.dataset using gin (tags) where state = 'active';

-- How many names hold a trigram: the rarest ones of a query decide which names are looked at.
create table catalog.gram (
  tenant text not null,
  gram text not null,
  names integer not null,
  primary key (tenant, gram)
);

create table catalog.version (
  tenant text not null,
  dataset text not null,
  version integer not null,
  content_id text not null,
  state text not null check (state in ('preparing', 'ready', 'failed')),
  state_message text,
  is_published boolean not null,
  format text,
  size_bytes bigint not null,
  row_count bigint,
  columns jsonb not null default '[]',
  files jsonb not null default '[]',
  created_at timestamptz not null default now(),
  created_by text not null,
  origin_kind text not null check (origin_kind in ('upload', 'folder', 'output', 'sample')),
  origin_path text,
  producer_urn text,
  producer_output text,
  profile_state text not null default 'pending' check (profile_state in ('pending', 'ready', 'failed')),
  profile_message text,
  profile jsonb,
  profiled_at timestamptz,
  primary key (tenant, dataset, version),
  foreign key (tenant, dataset) references catalog.dataset (tenant, name),
  unique (content_id)
);
create unique index version_producer on catalog.version (tenant, producer_urn, producer_output) where producer_urn is not null;
create index version_unfinished on catalog.version (content_id) where state = 'preparing' or (state = 'ready' and profile_state = 'pending');

create table catalog.upload (
  tenant text not null,
  id text primary key,
  dataset text not null,
  description text,
  tags text[],
  files jsonb not null,
  state text not null default 'open' check (state in ('open', 'completed', 'cancelled')),
  version integer,
  created_at timestamptz not null default now(),
  created_by text not null
);
create index upload_open on catalog.upload (tenant, dataset) where state = 'open';

create table catalog.mount (
  tenant text not null,
  subject text not null,
  mount_name text not null,
  dataset text not null,
  version integer not null,
  created_at timestamptz not null default now(),
  primary key (tenant, subject, mount_name),
  foreign key (tenant, dataset, version) references catalog.version (tenant, dataset, version)
);
create index mount_dataset on catalog.mount (tenant, dataset);

create table catalog.contract (
  tenant text not null,
  dataset text not null,
  document text not null,
  updated_at timestamptz not null default now(),
  updated_by text not null,
  primary key (tenant, dataset),
  foreign key (tenant, dataset) references catalog.dataset (tenant, name)
);
create table catalog.contract_run (
  tenant text not null,
  id text not null,
  dataset text not null,
  version integer not null,
  state text not null check (state in ('passed', 'failed')),
  results jsonb not null,
  time timestamptz not null default now(),
  primary key (tenant, id)
);
create index contract_run_dataset on catalog.contract_run (tenant, dataset, id desc);

-- "to" was made from "from".
create table catalog.lineage_edge (
  tenant text not null,
  from_urn text not null,
  to_urn text not null,
  time timestamptz not null default now(),
  primary key (tenant, from_urn, to_urn)
);
create index lineage_edge_to on catalog.lineage_edge (tenant, to_urn, from_urn);

do $$
declare
  name text;
begin
  foreach name in array array['dataset', 'gram', 'version', 'upload', 'mount', 'contract', 'contract_run', 'lineage_edge'] loop
    execute format('alter table catalog.%I enable row level security', name);
    execute format('alter table catalog.%I force row level security', name);
    execute format('create policy tenant on catalog.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
