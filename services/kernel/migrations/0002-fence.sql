-- Fencing tokens are unique for ever: counted per row, a forgotten and reborn item would hand out an old one again.
create sequence kernel.fence;
select setval('kernel.fence', greatest(1, (select coalesce(max(fence), 0) from kernel.reconcile_item)));
