select count(*) from outbox o join tenants t using (tenant_id) where t.pool = ':pool' and t.suspended_at is null and (o.state = 'QUEUED' or o.state = 'PENDING' and o.next_try_at <= now())
