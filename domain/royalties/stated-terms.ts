import type { Hex } from 'viem';
import { z } from 'zod';
import { payeeIdOf, type VaultPayee } from '../../chains/evm/registry/payees';
import type { SplitInForce } from '../../chains/evm/registry/royalties';
import { decodeTerms, type RegistryTerms } from '../../chains/evm/registry/terms';
import type { RoyaltyTerms } from '../../schema/types/guard-action';
import type { Registry } from '../../schema/types/registry';
import { EnforcementMode } from '../../schema/types/royalty';
import type { TenantTx } from '../../tenants/tenant-database';
import { hexArg, numberArg, type RegistryEvent, textArg } from '../provenance/registry-event';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { PolicyRevision } from './policy-repository';

/** What collections are told of a policy. */
export function termsOf({ policy, hash }: Pick<PolicyRevision, 'policy' | 'hash'>): RoyaltyTerms {
  const { royaltyBps, enforcement, operators } = policy;
  const restrictsTransfers = enforcement === EnforcementMode.RESTRICT;
  return { royaltyBps, policyHash: hash, restrictsTransfers, operators };
}

/** What a collection logged of its terms. */
export function termsIn(event: RegistryEvent): RegistryTerms {
  return decodeTerms({
    revision: numberArg(event, 'revision'),
    royaltyBps: numberArg(event, 'royaltyBps'),
    restrictsTransfers: event.args['restrictsTransfers'] === true,
    royaltyPolicyHash: hexArg(event, 'royaltyPolicyHash'),
    licenceHash: hexArg(event, 'licenceHash'),
    // CAST: by the ABI a list of bytes32.
    operators: z.array(z.string()).parse(JSON.parse(textArg(event, 'operators'))) as Hex[],
  });
}

const sharesSchema = z.array(
  z.object({ payee: z.record(z.string(), z.string()), bps: z.union([z.number(), z.string()]) }),
);

/** What a vault logged of its split. */
export function splitIn(event: RegistryEvent): SplitInForce {
  const shares = sharesSchema.parse(JSON.parse(textArg(event, 'shares')));
  return {
    revision: BigInt(textArg(event, 'revision')),
    // CAST: by the ABI.
    payeeIds: shares.map(({ payee }) => payeeIdOf(payee as unknown as VaultPayee)),
    shareBps: shares.map(({ bps }) => BigInt(bps)),
  };
}

/** The newest revision that a registry's home has stated for good; 0 before the first. */
export async function finalRevision(
  tx: TenantTx,
  events: RegistryEventRepository,
  { id, homeChainId }: Registry,
): Promise<number> {
  const stated = await events.find(tx, id, { chainId: homeChainId, names: ['RegistryStated'] });
  const last = stated.filter(({ final }) => final).at(-1);
  return last === undefined ? 0 : numberArg(last, 'revision');
}

/**
 * From when on chains are to be told of a policy, in Unix seconds by their own clocks; 0 if it holds by ours. Chains lag
 * behind by a block, and of two policies that hold by our clock the older must not be told any more.
 */
export function tellingFrom(effectiveFrom: Date): number {
  return effectiveFrom <= new Date() ? 0 : Math.ceil(effectiveFrom.getTime() / 1_000);
}
