import type { Dial } from '../../chains/evm/rpc/http-post';
import { pinnedLookup, resolveAll } from '../webhooks/pinned-lookup';
import { type ReceiverPolicy, ReceiverRefusedError } from '../webhooks/receiver-policy';
import { RpcUrlRefusedError } from './rpc-url-errors';

/** The most of an answer that is read: prices and simulations answer in a few KB. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** How endpoints that tenants name are connected to: at the very addresses that were checked. */
export function rpcDial(policy: ReceiverPolicy): Dial {
  return {
    lookup(url) {
      // An address in the URL itself is never resolved, and what was allowed once may not be any more.
      policy.parse(url.href);
      return pinnedLookup(policy, resolveAll, url.protocol);
    },
    maxBodyBytes: MAX_BODY_BYTES,
  };
}

/**
 * Checks a URL and every address behind it, before anything is sent there.
 *
 * @throws {@link RpcUrlRefusedError}; the resolver's error for a name that leads nowhere.
 */
export async function requireAskable(policy: ReceiverPolicy, text: string): Promise<void> {
  try {
    const { url, address } = policy.parse(text);
    if (address !== undefined) return;
    for (const found of await resolveAll(url.hostname)) policy.checkAddress(found.address, url.protocol);
  } catch (error) {
    if (!(error instanceof ReceiverRefusedError)) throw error;
    throw new RpcUrlRefusedError(error.message);
  }
}
