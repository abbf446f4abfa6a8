import { type Address, getAddress, type Hex, zeroAddress } from 'viem';
import { approveCall, bookOf, buyCall, LicenceReader } from '../../chains/evm/registry/licences';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainId, chainOfMoney, type MoneyId, splitAccountId } from '../../schema/caip';
import type { RegistryId, TenantId, WorkId } from '../../schema/ids';
import type {
  GrantLicence,
  IsLicensed,
  LicenceFilter,
  LicenceOfferFilter,
  OfferLicence,
  PrepareBuyLicence,
  ReplicateLicence,
  RevokeLicence,
  WithdrawLicenceOffer,
} from '../../schema/inputs/licence';
import type { PageRequest } from '../../schema/inputs/page';
import { BadUserInputError } from '../../schema/inputs/parse-input';
import { replicateLicence } from '../../schema/jobs';
import type { Page } from '../../schema/types/connection';
import { type GuardAction, GuardActionKind } from '../../schema/types/guard-action';
import { type Licence, type LicenceOffer, LicenceState, type LicensedOn } from '../../schema/types/licence';
import type { PreparedCall } from '../../schema/types/prepared-call';
import { type Registry, type RegistryContracts, RegistryState } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import { canonicalHash } from '../canonical-json';
import type { GuardService } from '../guard/guard-service';
import { NotFoundError } from '../not-found-error';
import type { OutboxRepository } from '../outbox/outbox-repository';
import type { OwnerConsentService } from '../ownership/owner-consent-service';
import { addressOn } from '../registry/account-address';
import { contractsOn } from '../registry/registry-contracts';
import { RegistryKindError, RegistryNotReadyError, WorkNotMintedError } from '../registry/registry-errors';
import { requireOwnWorks } from '../registry/registry-kind';
import type { RegistryRepository } from '../registry/registry-repository';
import type { WorkRepository } from '../registry/work-repository';
import { LicenceNotRevocableError, LicenceOfferClosedError, LicenceOverError } from './licence-errors';
import type { LicenceRepository } from './licence-repository';
import { textHash } from './template-document';
import type { LicenceTemplateService } from './template-service';

interface LicenceStores {
  readonly registries: RegistryRepository;
  readonly works: WorkRepository;
  readonly licences: LicenceRepository;
  readonly outbox: OutboxRepository;
}

/** Offers licences, gives and takes them: on chain, where the licence books of the registry keep them. */
export class LicenceService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: LicenceStores,
    private readonly templates: LicenceTemplateService,
    private readonly guard: Pick<GuardService, 'accept'>,
    private readonly consents: Pick<OwnerConsentService, 'check' | 'use'>,
    private readonly chains: ChainAccesses,
  ) {}

  /**
   * Puts a licence up for sale on one chain, with its text if that chain's book does not know it yet.
   *
   * @throws {@link NotFoundError} (registry, template, work), {@link RegistryNotReadyError}, {@link RegistryKindError},
   * {@link BadUserInputError}, {@link WorkNotMintedError}, and for a registry with an owner of its own what
   * {@link OwnerConsentService.check} and {@link OwnerConsentService.use} throw.
   */
  async offer(tenantId: TenantId, { consent: signed, ...change }: OfferLicence): Promise<GuardAction> {
    const { registryId, chainId, templateHash, price, reason } = change;
    const consent = await this.consents.check(tenantId, { operation: 'offerLicence', change }, signed);
    return this.database.transaction(tenantId, async (tx) => {
      const { registry } = await this.book(tx, registryId, chainId);
      const { uri } = await this.templates.get(tx, templateHash);
      const licence = {
        templateHash,
        uri,
        currency: currencyOn(chainId, change.currency),
        price,
        termSeconds: change.termSeconds ?? 0,
        closesAt: closingSeconds(change.closesAt),
        transferable: change.transferable,
        revocable: change.revocable,
        tokenIds: await this.tokens(tx, registryId, change.workIds ?? []),
      };
      await this.consents.use(tx, registry, consent);
      return this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.OFFER_LICENCE,
        reason,
        chainId,
        licence,
        consentNonce: consent?.request.nonce ?? null,
        subject: `${chainId}/${canonicalHash(licence)}`,
      });
    });
  }

  /** Ends an offer; licences that were bought under it stay. @throws As {@link offer}. */
  async withdrawOffer(
    tenantId: TenantId,
    { consent: signed, ...change }: WithdrawLicenceOffer,
  ): Promise<GuardAction> {
    const { registryId, chainId, offerId, reason } = change;
    const consent = await this.consents.check(
      tenantId,
      { operation: 'withdrawLicenceOffer', change },
      signed,
    );
    return this.database.transaction(tenantId, async (tx) => {
      const { registry } = await this.book(tx, registryId, chainId);
      await this.findOffer(tx, registryId, chainId, offerId);
      await this.consents.use(tx, registry, consent);
      return this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.WITHDRAW_OFFER,
        reason,
        chainId,
        licence: { offerId },
        consentNonce: consent?.request.nonce ?? null,
        subject: `${chainId}/${offerId}`,
      });
    });
  }

  /**
   * Takes a licence back, if its terms allow it; every chain that has it is told.
   *
   * @throws As {@link offer}; {@link LicenceNotRevocableError}, {@link LicenceOverError}
   */
  async revoke(tenantId: TenantId, { consent: signed, ...change }: RevokeLicence): Promise<GuardAction> {
    const { registryId, grantId, reason } = change;
    const consent = await this.consents.check(tenantId, { operation: 'revokeLicence', change }, signed);
    return this.database.transaction(tenantId, async (tx) => {
      const { chainId, revocable, state } = await this.findLicence(tx, registryId, grantId);
      const { registry } = await this.book(tx, registryId, chainId);
      if (!revocable) throw new LicenceNotRevocableError();
      if (state !== LicenceState.ACTIVE) throw new LicenceOverError();
      await this.consents.use(tx, registry, consent);
      return this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.REVOKE_LICENCE,
        reason,
        chainId,
        licence: { grantId, reasonHash: textHash(reason) },
        consentNonce: consent?.request.nonce ?? null,
        subject: grantId,
      });
    });
  }

  /**
   * Gives somebody a licence by buying it for them, which anyone may: the tenant's account pays what the offer asks, in
   * native money, to the registry's own receiver of royalties.
   *
   * @throws {@link NotFoundError} (registry, offer), {@link LicenceOfferClosedError}, {@link BadUserInputError},
   * {@link RegistryNotReadyError}, {@link RegistryKindError}
   */
  async grant(tenantId: TenantId, input: GrantLicence): Promise<GuardAction> {
    const { registryId, chainId, offerId, reason } = input;
    return this.database.transaction(tenantId, async (tx) => {
      await this.book(tx, registryId, chainId);
      const { price, currency } = await this.openOffer(tx, registryId, chainId, offerId);
      if (currency !== null)
        throw new BadUserInputError('offerId', 'is priced in a token; let the buyer buy it');
      const holder = someoneOn(chainId, addressOn(chainId, input.holder, 'holder'), 'holder');
      return this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.GRANT_LICENCE,
        reason,
        chainId,
        licence: { offerId, holder, price },
        subject: `${chainId}/${offerId}/${holder}`,
      });
    });
  }

  /** What a buyer's wallet sends, in this order. Changes nothing. @throws As {@link grant}. */
  async prepareBuy(tenantId: TenantId, input: PrepareBuyLicence): Promise<PreparedCall[]> {
    const { registryId, chainId, offerId, buyer: from } = input;
    const buyer = someoneOn(chainId, addressOn(chainId, from, 'buyer'), 'buyer');
    return this.database.transaction(tenantId, async (tx) => {
      const { contracts } = await this.book(tx, registryId, chainId);
      const { price, currency } = await this.openOffer(tx, registryId, chainId, offerId);
      const book = bookOf(contracts);
      const bought = buyCall(book, BigInt(offerId), buyer);
      if (currency === null) return [{ chainId, from, ...bought, valueWei: price }];
      const approved = approveCall(currencyOn(chainId, currency), book, BigInt(price));
      return [approved, bought].map((call) => ({ chainId, from, ...call, valueWei: '0' }));
    });
  }

  /** Has the other chains told of a licence, at the tenant's cost. @throws {@link NotFoundError} */
  async replicate(tenantId: TenantId, { registryId, grantId }: ReplicateLicence): Promise<Licence> {
    return this.database.transaction(tenantId, async (tx) => {
      await this.stores.registries.get(tx, registryId);
      const licence = await this.findLicence(tx, registryId, grantId);
      await this.stores.outbox.add(tx, replicateLicence, { tenantId, registryId, grantId });
      return licence;
    });
  }

  /**
   * Whether somebody is licensed now, as the licence book of each chain says. Asks the chains.
   *
   * @throws {@link NotFoundError} (registry, work), {@link WorkNotMintedError}, {@link BadUserInputError}
   */
  async isLicensed(
    tenantId: TenantId,
    { registryId, workId, account, templateHash }: IsLicensed,
  ): Promise<LicensedOn[]> {
    const { registry, tokenId } = await this.database.transaction(tenantId, async (tx) => {
      const [token = ''] = await this.tokens(tx, registryId, [workId]);
      return { registry: await this.stores.registries.get(tx, registryId), tokenId: BigInt(token) };
    });
    const holder = addressOn(splitAccountId(account).chainId, account, 'account');
    const booked = registry.contracts.filter(({ licenceBook }) => licenceBook !== null);
    return Promise.all(
      booked.map(async (contracts) => {
        const { chainId } = contracts;
        const reader = new LicenceReader(this.chains.get(chainId).public, contracts);
        return { chainId, licensed: await reader.isLicensed(tokenId, holder, templateHash) };
      }),
    );
  }

  async offers(
    tenantId: TenantId,
    request: PageRequest,
    filter: LicenceOfferFilter,
  ): Promise<Page<LicenceOffer>> {
    return this.database.read(tenantId, (tx) => this.stores.licences.offerPage(tx, request, filter));
  }

  async licences(tenantId: TenantId, request: PageRequest, filter: LicenceFilter): Promise<Page<Licence>> {
    return this.database.read(tenantId, (tx) => this.stores.licences.licencePage(tx, request, filter));
  }

  /** The licence book of a registry on one of its chains. */
  private async book(
    tx: TenantTx,
    registryId: RegistryId,
    chainId: ChainId,
  ): Promise<{ readonly registry: Registry; readonly contracts: RegistryContracts }> {
    const registry = await this.stores.registries.get(tx, registryId);
    if (!registry.chainIds.includes(chainId))
      throw new BadUserInputError('chainId', 'is none of the registry’s chains');
    if (registry.adopted?.chainId === chainId)
      requireOwnWorks(registry, 'on its home chain nobody sets terms; use another of its chains.');
    if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
    const contracts = contractsOn(registry, chainId);
    if (contracts.licenceBook === null)
      throw new RegistryKindError('This registry was made before there were licences.');
    return { registry, contracts };
  }

  private async findOffer(
    tx: TenantTx,
    registryId: RegistryId,
    chainId: ChainId,
    offerId: string,
  ): Promise<LicenceOffer> {
    const offer = await this.stores.licences.findOffer(tx, registryId, chainId, offerId);
    if (offer === undefined) throw new NotFoundError('LicenceOffer', offerId);
    return offer;
  }

  private async openOffer(
    tx: TenantTx,
    registryId: RegistryId,
    chainId: ChainId,
    offerId: string,
  ): Promise<LicenceOffer> {
    const offer = await this.findOffer(tx, registryId, chainId, offerId);
    const isClosed = offer.closesAt !== null && offer.closesAt <= new Date();
    if (offer.withdrawn || isClosed) throw new LicenceOfferClosedError();
    return offer;
  }

  private async findLicence(tx: TenantTx, registryId: RegistryId, grantId: Hex): Promise<Licence> {
    const licence = await this.stores.licences.findLicence(tx, registryId, grantId);
    if (licence === undefined) throw new NotFoundError('Licence', grantId);
    return licence;
  }

  private async tokens(tx: TenantTx, registryId: RegistryId, workIds: readonly WorkId[]): Promise<string[]> {
    const works = await this.stores.works.findByIds(tx, workIds);
    return workIds.map((workId) => {
      const work = works.find((candidate) => candidate.id === workId && candidate.registryId === registryId);
      if (work === undefined) throw new NotFoundError('Work', workId);
      if (work.tokenId === null) throw new WorkNotMintedError();
      return work.tokenId;
    });
  }
}

/** @throws {@link BadUserInputError} if the money is no ERC-20 of that chain. */
function currencyOn(chainId: ChainId, currency: MoneyId | null | undefined): Address {
  if (currency == null) return zeroAddress;
  const [, address] = currency.split('/erc20:');
  if (address === undefined || chainOfMoney(currency) !== chainId)
    throw new BadUserInputError('currency', `must be an ERC-20 on ${chainId}`);
  return getAddress(address);
}

function closingSeconds(closesAt: Date | null | undefined): number {
  if (closesAt == null) return 0;
  if (closesAt <= new Date()) throw new BadUserInputError('closesAt', 'must be in the future');
  return Math.floor(closesAt.getTime() / 1_000);
}

function someoneOn(chainId: ChainId, address: Address, field: string): Address {
  if (address === zeroAddress) throw new BadUserInputError(field, `must be somebody on ${chainId}`);
  return address;
}
