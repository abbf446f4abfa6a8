import { type Hex, isAddressEqual, recoverMessageAddress } from 'viem';
import { createSiweMessage, parseSiweMessage, validateSiweMessage } from 'viem/siwe';
import type { ChainTable } from '../../chains/chain-table';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type AccountId, eip155Number, evmAccountId, evmChainId, splitAccountId } from '../../schema/caip';
import type { MemberId, TenantId } from '../../schema/ids';
import type { SignedMessage, WalletSignIn } from '../../schema/inputs/sign-in';
import { SignInMethod, type WalletChallenge } from '../../schema/types/member';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { NotFoundError } from '../not-found-error';
import type { PersonCaller } from '../tenancy/caller';
import { takeNonce } from '../used-nonces';
import type { Challenges } from './challenges';
import { type Identity, WALLET } from './identity-repository';
import { LastWayInError, SignInExpiredError, SignInFailedError } from './people-errors';
import type { PeopleStores } from './people-stores';
import type { OpenedSession, SessionService, SignInRequest } from './session-service';

const PURPOSE = 'wallet';
/** A key is the same on every EVM chain; it goes by its account on Ethereum. */
const KEYS_CHAIN = evmChainId(1);
const STATEMENT = 'Sign in to Colophon. This costs nothing and moves nothing.';

/** Who signed, with the nonce that must not be used again. */
export interface VerifiedAccount {
  readonly account: AccountId;
  readonly nonce: string;
  readonly nonceExpiresAt: Date;
}

/** Signing in with Ethereum (EIP-4361), by keys and by contract wallets (EIP-1271, ERC-6492). */
export class WalletService {
  /** @param origin - Of the page where people sign in, e.g. `https://console.example`. */
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: PeopleStores,
    private readonly sessions: SessionService,
    private readonly challenges: Challenges,
    private readonly chainTable: ChainTable,
    private readonly chains: ChainAccesses,
    private readonly origin: URL,
  ) {}

  /** What an account has to sign. Nothing is kept. */
  challenge(tenantId: TenantId, account: AccountId): WalletChallenge {
    const nonce = this.challenges.issue(tenantId, PURPOSE);
    const expiresAt = this.challenges.expiryOf(tenantId, PURPOSE, nonce);
    if (expiresAt === undefined) throw new Error('a challenge is good when it is issued');
    const { chainId, address } = splitAccountId(account);
    const message = createSiweMessage({
      // CAST: the input's schema lets only EVM accounts through.
      address: address as Hex,
      chainId: eip155Number(chainId),
      domain: this.origin.host,
      scheme: this.origin.protocol.slice(0, -1),
      uri: this.origin.origin,
      version: '1',
      statement: STATEMENT,
      nonce,
      expirationTime: expiresAt,
    });
    return { message, nonce, expiresAt };
  }

  /** @throws As {@link verify}; {@link SignInFailedError} also if the account is no member's. */
  async signIn({ tenantId, ...signed }: WalletSignIn, request: SignInRequest): Promise<OpenedSession> {
    const verified = await this.verify(tenantId, signed);
    return this.database.transaction(tenantId, async (tx) => {
      await this.useNonce(tx, verified);
      const memberId = await this.stores.identities.findMember(tx, identityOf(verified.account));
      if (memberId === undefined) throw new SignInFailedError();
      return this.sessions.open(tx, memberId, SignInMethod.WALLET, request);
    });
  }

  /** Lets the member sign in with an account. @throws As {@link verify}, IdentityTakenError */
  async link({ tenantId, actor }: PersonCaller, signed: SignedMessage): Promise<void> {
    const verified = await this.verify(tenantId, signed);
    await this.database.transaction(tenantId, (tx) => this.useAndLink(tx, actor.id, verified));
  }

  /** @throws {@link NotFoundError}, {@link LastWayInError} */
  async unlink({ tenantId, actor }: PersonCaller, account: AccountId): Promise<void> {
    const { members, identities } = this.stores;
    await this.database.transaction(tenantId, async (tx) => {
      await members.lockAll(tx);
      if (!(await identities.unlink(tx, actor.id, identityOf(account))))
        throw new NotFoundError('Wallet', account);
      const others = await identities.count(tx, actor.id);
      if (others === 0 && (await members.passwordHashOf(tx, actor.id)) === null) throw new LastWayInError();
    });
  }

  /** In the transaction in which a verified account has its effect. @throws {@link SignInExpiredError}, IdentityTakenError */
  async useAndLink(tx: TenantTx, memberId: MemberId, verified: VerifiedAccount): Promise<void> {
    await this.useNonce(tx, verified);
    await this.stores.identities.link(tx, memberId, identityOf(verified.account));
  }

  /**
   * Checks a signed message: for this tenant, for our page, within its time, signed by the account that it names.
   * Its nonce is still to be used.
   *
   * @throws {@link SignInFailedError}, {@link SignInExpiredError}
   */
  async verify(tenantId: TenantId, { message, signature }: SignedMessage): Promise<VerifiedAccount> {
    const fields = parseSiweMessage(message);
    const { address, chainId, nonce } = fields;
    if (address === undefined || chainId === undefined || nonce === undefined)
      throw new SignInFailedError('The message is not one of EIP-4361.');
    this.checkPlace(fields);
    const nonceExpiresAt = this.challenges.expiryOf(tenantId, PURPOSE, nonce);
    if (nonceExpiresAt === undefined || !validateSiweMessage({ message: fields }))
      throw new SignInExpiredError();
    if (await isRecovered(address, message, signature))
      return { account: evmAccountId(KEYS_CHAIN, address), nonce, nonceExpiresAt };
    const account = evmAccountId(evmChainId(chainId), address);
    if (!(await this.isApproved(account, message, signature)))
      throw new SignInFailedError('The signature is not the account’s.');
    return { account, nonce, nonceExpiresAt };
  }

  /** A message that was signed for another page may have been asked for by somebody else. */
  private checkPlace({ domain, uri, scheme, version }: ReturnType<typeof parseSiweMessage>): void {
    const isOurs =
      domain === this.origin.host &&
      (scheme === undefined || `${scheme}:` === this.origin.protocol) &&
      uri !== undefined &&
      URL.canParse(uri) &&
      new URL(uri).origin === this.origin.origin;
    if (version !== '1' || !isOurs) throw new SignInFailedError('The message was signed for another page.');
  }

  /** Asks a contract wallet on its chain, which must be one of ours. */
  private async isApproved(account: AccountId, message: string, signature: Hex): Promise<boolean> {
    const { chainId, address } = splitAccountId(account);
    if (!this.chainTable.all().some((known) => known.chainId === chainId)) return false;
    // CAST: the account was made from an EVM address.
    return this.chains.get(chainId).public.verifyMessage({ address: address as Hex, message, signature });
  }

  private async useNonce(tx: TenantTx, { nonce, nonceExpiresAt }: VerifiedAccount): Promise<void> {
    if (!(await takeNonce(tx, nonce, nonceExpiresAt))) throw new SignInExpiredError();
  }
}

function identityOf(account: AccountId): Identity {
  return { issuer: WALLET, subject: account };
}

/** A key's own signature needs no chain. What is no signature of a key may still be a contract wallet's. */
async function isRecovered(address: Hex, message: string, signature: Hex): Promise<boolean> {
  if (signature.length !== 132) return false;
  try {
    return isAddressEqual(await recoverMessageAddress({ message, signature }), address);
  } catch {
    return false; // no point of the curve: not a key's signature
  }
}
