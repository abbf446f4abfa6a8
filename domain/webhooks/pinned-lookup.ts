import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type ReceiverPolicy, ReceiverRefusedError } from './receiver-policy';

/** Resolves a name to all of its addresses. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** The operating system's resolver. */
export function resolveAll(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((resolve, reject) => {
    lookup(hostname, { all: true }, (error, addresses) => (error ? reject(error) : resolve(addresses)));
  });
}

/**
 * The `lookup` of a connection that goes to the very addresses that were checked: a name that resolves to
 * something else a moment later changes nothing. Node calls it for each new connection to a name.
 */
export function pinnedLookup(policy: ReceiverPolicy, resolve: Resolve, protocol: string): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname).then(
      (addresses) => {
        const [first] = addresses;
        try {
          if (first === undefined) throw new ReceiverRefusedError('The URL does not lead to any address.');
          for (const { address } of addresses) policy.checkAddress(address, protocol);
        } catch (error) {
          // CAST: whatever is thrown here is an Error; the callback's type wants an errno exception.
          return callback(error as NodeJS.ErrnoException, '', 0);
        }
        return options.all ? callback(null, [...addresses]) : callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, '', 0),
    );
  };
}
