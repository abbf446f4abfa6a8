import { type Address, type Hex, type PublicClient, zeroAddress, zeroHash } from 'viem';
import type { ChainId } from '../../../schema/caip';
import type { StatementTransport, TransportKind } from '../../../schema/types/chain';
import type { RegistryContracts } from '../../../schema/types/registry';
import { adoptedCollectionAbi } from '../../abi/adopted-collection';
import { collectionAbi } from '../../abi/collection';
import { delayedQueueAbi } from '../../abi/delayed-queue';
import { gatewayAbi } from '../../abi/gateway';
import { lanesAbi } from '../../abi/lanes';
import { licenceBookAbi } from '../../abi/licence-book';
import { royaltyRemitterAbi } from '../../abi/royalty-remitter';
import { royaltyVaultAbi } from '../../abi/royalty-vault';
import { TRANSPORT_NUMBER } from './calls';
import type { QueuedCall, StatementPlace, WorkLimit } from './guard-calls';
import { bookOf } from './licences';
import { chainHashOf } from './manifest';
import { balanceAt } from './money';
import { remitterOf } from './payees';
import { type SplitInForce, vaultOf } from './royalties';
import { decodeTerms, type RegistryTerms } from './terms';

const ROLE_READS = {
  OWNER: 'owner',
  PENDING_OWNER: 'pendingOwner',
  GUARDIAN: 'guardian',
  MINTER: 'minter',
  POLICY: 'policy',
  OPERATOR: 'operator',
} as const;
/** What an account can be to a collection. */
export type HeldRole = keyof typeof ROLE_READS;

/** What waits under a digest; see `Status` in contracts/src/interfaces/ILanes.sol. */
export const STATEMENT_STATUSES = ['NONE', 'FAILED', 'WAITING', 'VOIDED'] as const;
export type StatementStatus = (typeof STATEMENT_STATUSES)[number];

/**
 * What a guardian must know of one chain of a registry, all of it as one block left it: what is asked while a plan is
 * carried out would else show neither the plan nor its effect.
 */
export class GuardReader {
  private constructor(
    private readonly client: PublicClient,
    private readonly contracts: RegistryContracts,
    /** The block's number. */
    readonly height: bigint,
    readonly blockHash: Hex,
    /** The time by which the contracts go, in Unix seconds. */
    readonly now: bigint,
  ) {}

  /** As the latest block has it. */
  static async atLatest(client: PublicClient, contracts: RegistryContracts): Promise<GuardReader> {
    const { number, hash, timestamp } = await client.getBlock({ blockTag: 'latest' });
    return new GuardReader(client, contracts, number, hash, timestamp);
  }

  /** Who has a role; a pending owner is zero if the ownership is not offered to anyone. */
  async holderOf(role: HeldRole): Promise<Address> {
    return this.client.readContract({ ...this.collection, functionName: ROLE_READS[role] });
  }

  /** What holds for all works here, by revision. */
  async terms(): Promise<RegistryTerms> {
    return decodeTerms(await this.client.readContract({ ...this.collection, functionName: 'registryState' }));
  }

  /** How the vault splits what comes. */
  async split(): Promise<SplitInForce> {
    const [revision, payeeIds, shareBps] = await this.client.readContract({
      ...this.at(vaultOf(this.contracts)),
      abi: royaltyVaultAbi,
      functionName: 'splitInForce',
    });
    return { revision, payeeIds, shareBps };
  }

  /** What an account has of a token, or of native money by the zero address; in base units. */
  balanceOf(token: Address, account: Address): Promise<bigint> {
    return balanceAt(this.client, token, account, this.height);
  }

  /** The OFT that moves a token; undefined if none is named. */
  async oftOf(token: Address): Promise<Address | undefined> {
    const oft = await this.client.readContract({
      ...this.at(remitterOf(vaultOf(this.contracts))),
      abi: royaltyRemitterAbi,
      functionName: 'oftOf',
      args: [token],
    });
    return oft === zeroAddress ? undefined : oft;
  }

  /** What of a token the vault owes and its remitter has; see `setOft` in IRoyaltyRemitter.sol. In base units. */
  async heldForRemittance(token: Address): Promise<bigint> {
    const vault = vaultOf(this.contracts);
    const [owed, parked] = await Promise.all([
      this.client.readContract({
        ...this.at(vault),
        abi: royaltyVaultAbi,
        functionName: 'pooledOf',
        args: [token],
      }),
      this.balanceOf(token, remitterOf(vault)),
    ]);
    return owed + parked;
  }

  /** Whether the licence book knows a text. */
  async hasTemplate(templateHash: Hex): Promise<boolean> {
    const args = [templateHash] as const;
    return (await this.client.readContract({ ...this.book, functionName: 'uriOf', args })) !== '';
  }

  /** Whether an offer can be taken. */
  isOfferOpen(offerId: bigint): Promise<boolean> {
    return this.client.readContract({ ...this.book, functionName: 'isOpen', args: [offerId] });
  }

  /** A grant that the licence book here has issued or heard of. */
  grant(
    grantId: Hex,
  ): Promise<{ readonly revoked: boolean; readonly revocable: boolean; readonly expiresAt: bigint }> {
    return this.client.readContract({ ...this.book, functionName: 'grantOf', args: [grantId] });
  }

  async isPaused(peerChainId: ChainId, transport: TransportKind): Promise<boolean> {
    const args = [chainHashOf(peerChainId), TRANSPORT_NUMBER[transport]] as const;
    return (await this.client.readContract({ ...this.lanes, functionName: 'laneOf', args })).paused;
  }

  async leg(tokenId: bigint): Promise<{ readonly frozen: boolean; readonly revision: number }> {
    const leg = await this.client.readContract({
      ...this.collection,
      functionName: 'legOf',
      args: [tokenId],
    });
    return { frozen: leg.frozen, revision: Number(leg.revision) };
  }

  /** Whether an adopted token should be in escrow at home and is not. */
  async isEscrowLost(tokenId: bigint): Promise<boolean> {
    const { result } = await this.client.simulateContract({
      ...this.collection,
      abi: adoptedCollectionAbi,
      functionName: 'checkEscrow',
      args: [tokenId],
    });
    return result;
  }

  /** Until when the guardian holds a statement, in Unix seconds; 0 if it never did. */
  heldUntil(digest: Hex): Promise<bigint> {
    return this.client.readContract({ ...this.lanes, functionName: 'heldUntil', args: [digest] });
  }

  async status(digest: Hex): Promise<StatementStatus> {
    const status = await this.client.readContract({
      ...this.lanes,
      functionName: 'statusOf',
      args: [digest],
    });
    return STATEMENT_STATUSES[status] ?? 'NONE';
  }

  /** Whether the statement had its effect: its nonce is used, and nothing waits under its digest. */
  async isApplied({ sourceChainId, nonce, digest }: StatementPlace): Promise<boolean> {
    const args = [chainHashOf(sourceChainId), nonce] as const;
    const [used, status] = await Promise.all([
      this.client.readContract({ ...this.lanes, functionName: 'isConsumed', args }),
      this.status(digest),
    ]);
    return used && status === 'NONE';
  }

  isVoided({ sourceChainId, nonce, digest }: StatementPlace): Promise<boolean> {
    const args = [digest, chainHashOf(sourceChainId), nonce] as const;
    return this.client.readContract({ ...this.lanes, functionName: 'isVoided', args });
  }

  /** When a plan of the queue may be carried out, in Unix seconds; undefined if it is not announced, or too old. */
  async planReadyAt(plan: readonly QueuedCall[]): Promise<bigint | undefined> {
    const planId = await this.client.readContract({ ...this.queue, functionName: 'planIdOf', args: [plan] });
    const { readyAt, expiresAt } = await this.client.readContract({
      ...this.queue,
      functionName: 'announcementOf',
      args: [planId],
    });
    return readyAt === 0n || this.now > expiresAt ? undefined : readyAt;
  }

  /** Whether statements to and from a peer need both bridges here. */
  async requiresBoth(peerChainId: ChainId): Promise<boolean> {
    const args = [chainHashOf(peerChainId)] as const;
    const policy = await this.client.readContract({ ...this.lanes, functionName: 'requiredPolicyOf', args });
    return policy === TRANSPORT_NUMBER.BOTH;
  }

  /** How many works may leave for a peer, or come from it; zeros without a limit. */
  async limitOf(peerChainId: ChainId, inbound: boolean): Promise<WorkLimit> {
    const args = [chainHashOf(peerChainId), inbound] as const;
    return this.client.readContract({ ...this.lanes, functionName: 'limitOf', args });
  }

  /** Root of the tree of a retired chain's last owners; undefined while the chain is not retired. */
  async ownersRootOf(peerChainId: ChainId): Promise<Hex | undefined> {
    const args = [chainHashOf(peerChainId)] as const;
    const root = await this.client.readContract({ ...this.lanes, functionName: 'ownersRootOf', args });
    return root === zeroHash ? undefined : root;
  }

  /** What telling the source of a voided statement costs now, in wei. */
  async voidFee(message: Hex, transport: StatementTransport): Promise<bigint> {
    const [feeWei] = await this.client.readContract({
      ...this.at(this.contracts.gateway),
      abi: gatewayAbi,
      functionName: 'quoteVoid',
      args: [message, TRANSPORT_NUMBER[transport]],
    });
    return feeWei;
  }

  private get collection() {
    return { abi: collectionAbi, ...this.at(this.contracts.collection) };
  }

  private get lanes() {
    return { abi: lanesAbi, ...this.at(this.contracts.lanes) };
  }

  private get book() {
    return { abi: licenceBookAbi, ...this.at(bookOf(this.contracts)) };
  }

  private get queue() {
    return { abi: delayedQueueAbi, ...this.at(this.contracts.delayedQueue) };
  }

  private at(address: Address): { readonly address: Address; readonly blockNumber: bigint } {
    return { address, blockNumber: this.height };
  }
}
