-- Tables of `models`.
select 1;
