/** The samples of a full tenant only have to fit: after this they are sound, too. No secret of theirs was ever sealed. */
export const MADE_SOUND = `
  delete from legs;
  insert into legs (tenant_id, work_id, chain_id, asset_id, state, holder, hop, revision, provisional)
    select tenant_id, id, chain_id, 'asset', 'LIVE', holder, 0, 0, false from works where state = 'LIVE';
  update registry_events e set args = jsonb_build_object('documentHash', w.document_hash)
    from works w where w.tenant_id = e.tenant_id and w.token_id = e.token_id;
  update dispatches set state = 'HELD';
  delete from last_owners;
  delete from tenant_secrets; delete from webhook_secrets; delete from identity_providers; delete from rpc_endpoints;
  delete from idempotency_steps; delete from idempotency_keys;`;
