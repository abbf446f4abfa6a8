import type { Hex } from 'viem';
import type { GuardReader } from '../../chains/evm/registry/guard-reads';
import {
  addTemplateCall,
  bookOf,
  buyCall,
  offerCall,
  revokeCall,
  withdrawOfferCall,
} from '../../chains/evm/registry/licences';
import { GuardActionKind } from '../../schema/types/guard-action';
import { call, DONE, type GuardStep, type GuardSubject, given, refused } from './guard-subject';

/** The next step of what is done to licences, by the policy role; licences are bought by anyone. */
export async function nextLicenceStep(subject: GuardSubject, chain: GuardReader): Promise<GuardStep> {
  const { action, contracts } = subject;
  const book = bookOf(contracts);
  const asked = given(action.licence);
  switch (action.kind) {
    case GuardActionKind.WITHDRAW_OFFER: {
      const offerId = BigInt(given(asked.offerId));
      if (!(await chain.isOfferOpen(offerId))) return DONE;
      return call('withdrawOffer', withdrawOfferCall(book, offerId), ['POLICY']);
    }
    case GuardActionKind.REVOKE_LICENCE:
      return revoke(book, given(asked.grantId), given(asked.reasonHash), chain);
    case GuardActionKind.GRANT_LICENCE: {
      const bought = buyCall(book, BigInt(given(asked.offerId)), given(asked.holder));
      return call('buy', bought, 'ANYONE', BigInt(given(asked.price)));
    }
    default:
      return offer(subject, book, chain);
  }
}

/** An offer has no name before it is made: that it is there is seen in the record, or by our own transaction. */
async function offer({ action, isOffered }: GuardSubject, book: Hex, chain: GuardReader): Promise<GuardStep> {
  if (isOffered) return DONE;
  const asked = given(action.licence);
  const templateHash = given(asked.templateHash);
  if (!(await chain.hasTemplate(templateHash)))
    return call('addTemplate', addTemplateCall(book, templateHash, given(asked.uri)), ['POLICY']);
  const terms = {
    templateHash,
    currency: given(asked.currency),
    price: BigInt(given(asked.price)),
    termSeconds: given(asked.termSeconds),
    closesAt: BigInt(given(asked.closesAt)),
    transferable: given(asked.transferable),
    revocable: given(asked.revocable),
    workIds: given(asked.tokenIds).map((tokenId) => BigInt(tokenId)),
  };
  return call('offer', offerCall(book, terms), ['POLICY']);
}

async function revoke(book: Hex, grantId: Hex, reasonHash: Hex, chain: GuardReader): Promise<GuardStep> {
  const { revoked, revocable, expiresAt } = await chain.grant(grantId);
  if (revoked) return DONE;
  if (!revocable) return refused('Its terms do not let it be revoked.');
  if (expiresAt !== 0n && chain.now >= expiresAt) return refused('It has expired.');
  return call('revoke', revokeCall(book, grantId, reasonHash), ['POLICY']);
}
