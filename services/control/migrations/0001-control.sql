create table control.tenant (
  name text primary key,
  display_name text not null,
  is_sample boolean not null default false,
  state text not null default 'active' check (state in ('active', 'deleting')),
  created_at timestamptz not null default now()
);

-- limit null: no limit. used = confirmed, reserved = held; both are kept here, under the row lock that admits.
create table control.quota (
  tenant text not null references control.tenant (name) on delete cascade,
  resource text not null,
  "limit" double precision,
  used double precision not null default 0 check (used >= 0),
  reserved double precision not null default 0 check (reserved >= 0),
  primary key (tenant, resource)
);

create table control.reservation (
  id text primary key,
  tenant text not null references control.tenant (name) on delete cascade,
  object_urn text not null,
  amounts jsonb not null,
  state text not null check (state in ('held', 'confirmed')),
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  unique (tenant, object_urn)
);
create index reservation_expiry on control.reservation (expires_at) where state = 'held';

create table control.profile (
  name text primary key,
  display_name text not null,
  description text not null,
  cpu double precision not null,
  memory_mib integer not null,
  gpu_count integer not null,
  is_default boolean not null default false,
  rank integer not null default 0
);

create table control.access_key (
  id text primary key,
  tenant text not null references control.tenant (name) on delete cascade,
  name text not null,
  kind text not null check (kind in ('access-key', 'job-token')),
  digest text not null unique,
  hint text not null,
  created_by text not null,
  role text not null,
  scopes jsonb not null,
  job_id text,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index access_key_tenant on control.access_key (tenant, created_at desc, id);

create table control.usage (
  tenant text not null references control.tenant (name) on delete cascade,
  interval_id text not null,
  meter text not null,
  subject text not null,
  object_urn text not null,
  amount double precision not null,
  from_time timestamptz not null,
  to_time timestamptz not null,
  primary key (tenant, interval_id, meter)
);
create index usage_day on control.usage (tenant, from_time);

do $$
declare
  name text;
begin
  foreach name in array array['quota', 'reservation', 'access_key', 'usage'] loop
    execute format('alter table control.%I enable row level security', name);
    execute format('alter table control.%I force row level security', name);
    execute format('create policy tenant on control.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
alter table control.tenant enable row level security;
alter table control.tenant force row level security;
create policy tenant on control.tenant using (kernel.sees(name)) with check (kernel.sees(name));

insert into control.profile (name, display_name, description, cpu, memory_mib, gpu_count, is_default, rank) values
  ('small', 'Small', 'Notebooks and small data', 1, 2048, 0, true, 1),
  ('large', 'Large', 'Larger data in memory', 2, 8192, 0, false, 2);

-- What was done once for this installation (the sample tenant is not made again after somebody removed it).
create table control.milestone (
  name text primary key,
  time timestamptz not null default now()
);
