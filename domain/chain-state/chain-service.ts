import type { ChainTable } from '../../chains/chain-table';
import type { ChainId } from '../../schema/caip';
import type { Chain } from '../../schema/types/chain';
import type { SystemDatabase } from '../../tenants/system-database';

interface CursorRow {
  readonly chain_id: ChainId;
  readonly head_number: string;
  readonly final_number: string;
  readonly alert: string | null;
}

/** The networks of this deployment, with how far each has been followed. */
export class ChainService {
  constructor(
    private readonly database: SystemDatabase,
    private readonly chains: ChainTable,
  ) {}

  async all(): Promise<Chain[]> {
    const rows: CursorRow[] = await this.database.transaction(({ manager }) =>
      manager.query('select chain_id, head_number, final_number, alert from chain_cursors'),
    );
    const cursors = new Map(rows.map((row) => [row.chain_id, row]));
    return this.chains.all().map(({ chainId, name }) => {
      const cursor = cursors.get(chainId);
      return {
        chainId,
        name,
        headBlock: cursor?.head_number ?? null,
        finalBlock: cursor?.final_number ?? null,
        alert: cursor?.alert ?? null,
      };
    });
  }
}
