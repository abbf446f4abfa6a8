import { isIP } from 'node:net';
import { isLoopbackAddress, isPublicAddress } from './address-policy';

/** A receiver's URL as it may be asked: parsed, and of a scheme that is allowed. */
export interface ReceiverUrl {
  readonly url: URL;
  /** The host if it is an address, without the brackets of IPv6; else undefined, and the name is to be resolved. */
  readonly address: string | undefined;
}

/** The receiver's URL, or an address behind it, is none that the platform asks. The message is for the tenant. */
export class ReceiverRefusedError extends Error {
  override readonly name = 'ReceiverRefusedError';
}

/** Longer URLs break proxies and logs. */
const MAX_URL_LENGTH = 2_000;

/**
 * Which receivers may be asked: https on public addresses. For trying things out on one's own machine a
 * deployment may allow its loopback addresses too, over http as well; never anything else.
 */
export class ReceiverPolicy {
  constructor(private readonly options: { readonly allowLoopback: boolean }) {}

  /**
   * Reads a URL by the WHATWG rules, under which decimal, octal, hex and shortened IPv4 hosts all become
   * dotted quads, so that no notation passes by {@link checkAddress}.
   *
   * @throws {@link ReceiverRefusedError}
   */
  parse(text: string): ReceiverUrl {
    if (text.length > MAX_URL_LENGTH || !URL.canParse(text)) refuse('is not a URL');
    const url = new URL(text);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && this.options.allowLoopback))
      refuse('must begin with https://');
    if (url.username !== '' || url.password !== '') refuse('must not hold a user name or a password');
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const address = isIP(host) === 0 ? undefined : host;
    if (address !== undefined) this.checkAddress(address, url.protocol);
    return { url, address };
  }

  /** @throws {@link ReceiverRefusedError} unless an address, which a connection is about to be made to, may be asked. */
  checkAddress(address: string, protocol: string): void {
    if (this.options.allowLoopback && isLoopbackAddress(address)) return;
    if (protocol !== 'https:') refuse('must begin with https://');
    // Which address it was stays ours: the answer must not map an internal network.
    if (!isPublicAddress(address)) refuse('does not lead to a public address');
  }
}

function refuse(reason: string): never {
  throw new ReceiverRefusedError(`The URL ${reason}.`);
}
