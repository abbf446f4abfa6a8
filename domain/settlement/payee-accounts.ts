import type { Hex } from 'viem';
import type { AccountId, ChainId, MoneyId } from '../../schema/caip';
import type { ProjectId } from '../../schema/ids';
import { AccountKind } from '../../schema/types/ledger';
import type { Registry } from '../../schema/types/registry';
import { PayeeRole } from '../../schema/types/royalty';
import type { TenantTx } from '../../tenants/tenant-database';
import type { Ledger } from '../ledger/ledger';
import type { AccountKey } from '../ledger/ledger-entry';
import type { RegistryEventRepository } from '../provenance/registry-event-repository';
import type { PolicyRepository } from '../royalties/policy-repository';
import { payeeDirectory } from './payee-directory';

export interface PayeeStores {
  readonly events: RegistryEventRepository;
  readonly policies: PolicyRepository;
}

/** The accounts under which the books keep what vaults owe to payees. */
export class PayeeAccounts {
  private constructor(
    /** Whose vaults they are. */
    readonly owner: ProjectId,
    private readonly payees: ReadonlyMap<Hex, AccountId>,
    private readonly feeTakers: ReadonlySet<AccountId>,
  ) {}

  /**
   * Whoever the books have an account of keeps its kind, so that what was credited and what is paid meet in one account;
   * to others it is given by the role that the project's policies name them with.
   *
   * @param chainIds - Chains that payees may be of: a payee may be of one on which the registry is not.
   */
  static async of(
    tx: TenantTx,
    { id, projectId }: Pick<Registry, 'id' | 'projectId'>,
    chainIds: readonly ChainId[],
    ledger: Ledger,
    { events, policies }: PayeeStores,
  ): Promise<PayeeAccounts> {
    const directory = payeeDirectory(chainIds, await events.find(tx, id, { names: ['SplitStated'] }));
    const payees = new Map([...directory].map(([payeeId, { account }]) => [payeeId, account]));
    const kinds = await ledger.payeeKinds(tx, [...new Set(payees.values())]);
    const history = await policies.history(tx, projectId);
    const named = history
      .flatMap(({ policy }) => policy.splits)
      .filter(({ account, role }) => role === PayeeRole.PLATFORM && !kinds.has(account));
    const known = [...kinds].filter(([, kind]) => kind === AccountKind.PLATFORM_FEE);
    return new PayeeAccounts(
      projectId,
      payees,
      new Set([...named.map(({ account }) => account), ...known.map(([account]) => account)]),
    );
  }

  /** What is owed to a payee by its id on chain; to one whom no split names it stays undivided. */
  of(payeeId: Hex, asset: MoneyId): AccountKey {
    const account = this.payees.get(payeeId);
    return account === undefined
      ? { kind: AccountKind.UNSPLIT, owner: this.owner, asset }
      : this.ofAccount(account, asset);
  }

  ofAccount(owner: AccountId, asset: MoneyId): AccountKey {
    const kind = this.feeTakers.has(owner) ? AccountKind.PLATFORM_FEE : AccountKind.ARTIST_PAYABLE;
    return { kind, owner, asset };
  }
}
