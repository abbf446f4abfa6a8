import type { Hex, PublicClient } from 'viem';
import type { ChainId } from '../../schema/caip';

/** One chain as the transaction manager reaches it. */
export interface ChainAccess {
  readonly public: PublicClient;
  /**
   * Offers a signed transaction to the network. One that the network has already is a success.
   *
   * @throws If no endpoint took it. Callers need not know why: what became of it is read from the chain.
   */
  broadcast(raw: Hex): Promise<unknown>;
}

/** Gives the access to each chain of the chain table. */
export interface ChainAccesses {
  get(chainId: ChainId): ChainAccess;
}
