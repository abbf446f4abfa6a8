import { type Address, isAddressEqual } from 'viem';
import { tokenMovedBy } from '../../chains/evm/registry/ofts';
import type { ChainAccesses } from '../../chains/transactions/chain-access';
import { type ChainId, chainOfMoney, evmAccountId, evmTokenOf } from '../../schema/caip';
import type { RegistryId, TenantId } from '../../schema/ids';
import type { SetRemittanceOft } from '../../schema/inputs/settlement';
import { type GuardAction, GuardActionKind } from '../../schema/types/guard-action';
import { RegistryState } from '../../schema/types/registry';
import type { TenantDatabase, TenantTx } from '../../tenants/tenant-database';
import type { GuardService } from '../guard/guard-service';
import { addressOn } from '../registry/account-address';
import { RegistryNotReadyError } from '../registry/registry-errors';
import type { RegistryRepository } from '../registry/registry-repository';
import { NoVaultForAssetError, OftMismatchError } from './settlement-errors';

/** Names the OFTs by which remittances go over LayerZero. */
export class RemittanceOftService {
  constructor(
    private readonly database: TenantDatabase,
    private readonly stores: { readonly registries: RegistryRepository },
    private readonly guard: Pick<GuardService, 'accept'>,
    private readonly chains: ChainAccesses,
  ) {}

  /**
   * Has the registry's owner name the OFT that moves a token on its chain. What the tenant's own account may not do is
   * prepared for whoever may. Once an OFT is named, or money of the token has come, it goes through the queue, after 48
   * hours in public: whoever names an OFT names who may take what is remitted.
   *
   * @throws {@link NotFoundError}, {@link RegistryNotReadyError}, {@link NoVaultForAssetError}, {@link WrongAccountChainError},
   * {@link OftMismatchError}
   */
  async set(
    tenantId: TenantId,
    { registryId, asset, oft: account, reason }: SetRemittanceOft,
  ): Promise<GuardAction> {
    const chainId = chainOfMoney(asset);
    const token = evmTokenOf(asset);
    await this.database.transaction(tenantId, (tx) => this.standing(tx, registryId, chainId));
    const oft = addressOn(chainId, account, 'oft');
    await this.check(chainId, oft, token);
    return this.database.transaction(tenantId, async (tx) => {
      await this.standing(tx, registryId, chainId);
      return this.guard.accept(tx, {
        registryId,
        kind: GuardActionKind.SET_REMITTANCE_OFT,
        reason,
        chainId,
        asset,
        account: evmAccountId(chainId, oft),
        subject: `${asset}>${oft}`,
      });
    });
  }

  private async check(chainId: ChainId, oft: Address, token: Address): Promise<void> {
    const moved = await tokenMovedBy(this.chains.get(chainId).public, oft);
    if (moved === undefined || !isAddressEqual(moved, token)) throw new OftMismatchError(oft, moved);
  }

  /** The registry, which stands on the chain and has a vault there. */
  private async standing(tx: TenantTx, registryId: RegistryId, chainId: ChainId): Promise<void> {
    const registry = await this.stores.registries.get(tx, registryId);
    if (registry.state !== RegistryState.ACTIVE) throw new RegistryNotReadyError(registry.progress);
    const contracts = registry.contracts.find((one) => one.chainId === chainId);
    if (contracts?.royaltyVault == null) throw new NoVaultForAssetError();
  }
}
