-- Tables of `agents`. Vectors have 384 dimensions: those of the embedder that comes with the platform.

create table agents.collection (
  id text primary key,
  tenant text not null,
  name text not null,
  description text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (tenant, name)
);

-- `generation` counts rebuilds: a step that began before one writes nothing after it.
create table agents.document (
  id text primary key,
  tenant text not null,
  collection_id text not null references agents.collection (id) on delete cascade,
  name text not null,
  format text not null check (format in ('markdown', 'text', 'html', 'pdf', 'docx')),
  title text not null,
  state text not null check (state in ('queued', 'parsing', 'embedding', 'ready', 'failed')),
  problem jsonb,
  size_bytes bigint not null,
  sha256 text not null,
  character_count integer not null default 0,
  page_count integer,
  chunk_count integer not null default 0,
  embedded_count integer not null default 0,
  term_total bigint not null default 0,
  embedder text,
  generation integer not null default 0,
  uploaded_by text not null,
  -- Whole milliseconds, as in the cursors of lists.
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  ready_at timestamptz,
  unique (collection_id, name)
);
create index document_list on agents.document (collection_id, created_at desc, id desc);
create index document_unfinished on agents.document (id) where state in ('queued', 'parsing', 'embedding');

create table agents.document_text (
  document_id text primary key references agents.document (id) on delete cascade,
  tenant text not null,
  text text not null,
  pages jsonb not null
);

create table agents.chunk (
  id text primary key,
  tenant text not null,
  collection_id text not null references agents.collection (id) on delete cascade,
  document_id text not null references agents.document (id) on delete cascade,
  ordinal integer not null,
  from_character integer not null,
  to_character integer not null,
  headings jsonb not null,
  page integer,
  tokens integer not null,
  content text not null,
  embedding vector(384)
);
alter table agents.chunk alter column embedding set storage plain;
create unique index chunk_order on agents.chunk (document_id, ordinal);
create index chunk_unembedded on agents.chunk (document_id, ordinal) where embedding is null;
create index chunk_collection on agents.chunk (collection_id);
create index chunk_embedding on agents.chunk using hnsw (embedding vector_ip_ops);

-- The keyword index: BM25 is computed from these rows alone, so they carry the length of their chunk.
create table agents.chunk_term (
  tenant text not null,
  collection_id text not null,
  document_id text not null references agents.document (id) on delete cascade,
  term text not null,
  chunk_id text not null,
  frequency integer not null,
  chunk_length integer not null,
  primary key (collection_id, term, chunk_id)
);
create index chunk_term_document on agents.chunk_term (document_id);

-- An answer keeps everything it was made from, so that it can be judged after its documents are gone.
create table agents.answer (
  id text primary key,
  tenant text not null,
  collection text not null,
  endpoint text not null,
  question text not null,
  text text not null,
  verdict text not null check (verdict in ('cited', 'partly-cited', 'uncited', 'no-passages')),
  citation_count integer not null,
  valid_citation_count integer not null,
  prompt_tokens integer not null,
  completion_tokens integer not null,
  duration_ms integer not null,
  finish_reason text not null,
  details jsonb not null,
  rating text check (rating in ('good', 'bad')),
  feedback jsonb,
  asked_by text not null,
  created_at timestamptz not null default date_trunc('milliseconds', clock_timestamp())
);
create index answer_list on agents.answer (tenant, created_at desc, id desc);
create index answer_collection on agents.answer (tenant, collection, created_at desc, id desc);
create index answer_rating on agents.answer (tenant, rating, created_at desc, id desc) where rating is not null;

-- What was done once for a tenant: samples that somebody deleted are not made again.
create table agents.milestone (
  tenant text not null,
  name text not null,
  time timestamptz not null default now(),
  primary key (tenant, name)
);

do $$
declare
  name text;
begin
  foreach name in array array['collection', 'document', 'document_text', 'chunk', 'chunk_term', 'answer', 'milestone'] loop
    execute format('alter table agents.%I enable row level security', name);
    execute format('alter table agents.%I force row level security', name);
    execute format('create policy tenant on agents.%I using (kernel.sees(tenant)) with check (kernel.sees(tenant))', name);
  end loop;
end
$$;
