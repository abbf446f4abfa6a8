import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import type { AccountId } from '../caip';
import type { ProjectId } from '../ids';
import { AccountIdScalar } from '../scalars';

/** PENDING until its time has come. */
export const WalletChangeState = { PENDING: 'PENDING', APPLIED: 'APPLIED', CANCELLED: 'CANCELLED' } as const;
export type WalletChangeState = (typeof WalletChangeState)[keyof typeof WalletChangeState];
registerEnumType(WalletChangeState, { name: 'RoyaltyWalletChangeState' });

/** ARTIST: the wallet that it would replace, by signature. OWNER: the tenant's. PLATFORM: the wallet was another by then. */
export const WalletChangeCanceller = { ARTIST: 'ARTIST', OWNER: 'OWNER', PLATFORM: 'PLATFORM' } as const;
export type WalletChangeCanceller = (typeof WalletChangeCanceller)[keyof typeof WalletChangeCanceller];
registerEnumType(WalletChangeCanceller, {
  name: 'RoyaltyWalletChangeCanceller',
  description:
    'ARTIST: the wallet that it would replace, by signature. OWNER: the tenant’s. PLATFORM: the wallet was another by then.',
});

@ObjectType({ description: 'An artist’s signed request to be paid at another wallet.' })
export class RoyaltyWalletChange {
  projectId: ProjectId;
  @Field(() => Int, { description: 'Of the project’s changes, from 1.' }) number: number;
  @Field(() => WalletChangeState) state: WalletChangeState;
  @Field(() => AccountIdScalar) oldWallet: AccountId;
  @Field(() => AccountIdScalar) newWallet: AccountId;
  @Field(() => Date) requestedAt: Date;
  @Field(() => Date, { description: 'Until then it can be cancelled; from then on it takes effect.' })
  effectiveAt: Date;
  @Field(() => Date, { nullable: true, description: 'When it took effect, or was cancelled.' })
  endedAt: Date | null;
  @Field(() => Int, { nullable: true, description: 'The revision of the policy that names the new wallet.' })
  appliedRevision: number | null;
  @Field(() => WalletChangeCanceller, { nullable: true }) cancelledBy: WalletChangeCanceller | null;
}

@ObjectType({ description: 'A change that a project’s artist can consent to, once.' })
export class PreparedArtistConsent {
  @Field(() => AccountIdScalar, {
    description: 'Who signs: the present primary wallet, a key, or a contract by EIP-1271 or ERC-6492.',
  })
  wallet: AccountId;
  @Field(() => String, { description: 'Goes back with the signature.' }) nonce: string;
  @Field(() => String, { description: 'Unix time in seconds; goes back with the signature.' })
  deadline: string;
  @Field(() => String, { description: 'EIP-712 typed data (JSON), for eth_signTypedData_v4.' })
  typedData: string;
  @Field(() => Int, {
    description: 'How long after its request a wallet changes at the earliest, in seconds.',
  })
  walletDelaySeconds: number;
}
