import { WHOLE_BPS } from '../../schema/inputs/royalty';
import type { Project } from '../../schema/types/project';
import { EnforcementMode, PayeeRole } from '../../schema/types/royalty';
import type { PolicyRevision } from './policy-repository';
import { royaltyPolicyHash } from './royalty-policy';

/** A week: how long a payment may take where nothing else was stated. */
const OWN_WINDOW_SECONDS = 7 * 86_400;

/** What holds until a project has stated a policy: its own royalty, all of it the artist's, as its registry was made with. */
export function ownPolicy({
  id,
  artistAccount,
  royaltyBps,
  createdAt,
}: Pick<Project, 'id' | 'artistAccount' | 'royaltyBps' | 'createdAt'>): PolicyRevision {
  const policy = {
    royaltyBps,
    splits: [{ account: artistAccount, role: PayeeRole.ARTIST, shareBps: WHOLE_BPS }],
    primaryWallet: artistAccount,
    currencies: [],
    enforcement: EnforcementMode.OBSERVE,
    operators: [],
    paymentWindowSeconds: OWN_WINDOW_SECONDS,
  };
  return { projectId: id, revision: 0, effectiveFrom: createdAt, policy, hash: royaltyPolicyHash(policy) };
}
