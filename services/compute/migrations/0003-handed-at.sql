-- When an attempt was given to the runtime: its age in the runtime's own queue.
alter table compute.job add column handed_at timestamptz;
