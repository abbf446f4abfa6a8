import { type Address, getAddress, isAddress } from 'viem';
import { UsageError } from '../cli-errors';
import { parseWordsAndOptions } from '../parse-options';

/** What `exit` is told about the registry. */
export interface ExitOptions {
  /** HTTP endpoints, in any order; several of one chain stand in for each other. */
  readonly rpcUrls: readonly string[];
  /** Where the registry is: its Gateway, or the file that holds its manifest. */
  readonly registry: { readonly gateway: Address } | { readonly manifestFile: string };
  /** Statements sent earlier are left out; undefined = since the registry's deployment. */
  readonly since: Date | undefined;
  /** The file that holds the last owners of a retired chain, for their claims. */
  readonly ownersFile: string | undefined;
  /** ERC-20s to look for besides those that a royalty vault has ever received, on whichever chain they are. */
  readonly tokens: readonly Address[];
  /** Prints JSON. */
  readonly json: boolean;
}

/** `exit list` or `exit do`. */
export type ExitCommand = ExitOptions &
  ({ readonly action: 'list' } | { readonly action: 'do'; readonly which: string; readonly keyFile: string });

export const EXIT_USAGE = `what exit needs (it asks chains only, no server):
  --rpc URL          an endpoint of each of the registry's chains; repeat it
  --gateway ADDRESS  the registry's Gateway, or --manifest FILE with its manifest
  --since DATE       leaves out statements sent before, e.g. 2026-01-31
  --owners FILE      the last owners of a retired chain, to claim its works
  --token ADDRESS    an ERC-20 in which royalties may have been paid; repeat it
  --json             prints JSON
  exit list          what anyone may do now
  exit do N --key-file FILE   carries out number N (or the id of an action) and pays with that key`;

/** @throws {@link UsageError} that names what is wrong. */
export function parseExit(args: readonly string[]): ExitCommand {
  const { values, positionals } = parseWordsAndOptions(args, {
    rpc: { type: 'string', multiple: true },
    gateway: { type: 'string' },
    manifest: { type: 'string' },
    since: { type: 'string' },
    owners: { type: 'string' },
    token: { type: 'string', multiple: true },
    json: { type: 'boolean' },
    'key-file': { type: 'string' },
  });
  const [action, which, ...rest] = positionals;
  const options = {
    rpcUrls: parseUrls(values.rpc ?? []),
    registry: parseRegistry(values.gateway, values.manifest),
    since: parseSince(values.since),
    ownersFile: values.owners,
    tokens: (values.token ?? []).map((text) => parseAddress('--token', text)),
    json: values.json ?? false,
  };
  const keyFile = values['key-file'];
  if (action === 'list' && which === undefined && keyFile === undefined) return { ...options, action };
  if (action === 'do' && which !== undefined && rest.length === 0 && keyFile !== undefined)
    return { ...options, action, which, keyFile };
  throw new UsageError('exit is followed by list, or by do N --key-file FILE.');
}

function parseUrls(texts: readonly string[]): readonly string[] {
  if (texts.length === 0) throw new UsageError('exit needs --rpc URL for each chain of the registry.');
  for (const text of texts) {
    if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
      throw new UsageError('--rpc needs an http(s) URL.');
  }
  return texts;
}

function parseRegistry(
  gateway: string | undefined,
  manifestFile: string | undefined,
): ExitOptions['registry'] {
  if (gateway === undefined && manifestFile !== undefined) return { manifestFile };
  if (gateway === undefined || manifestFile !== undefined)
    throw new UsageError('exit needs either --gateway ADDRESS or --manifest FILE.');
  return { gateway: parseAddress('--gateway', gateway) };
}

function parseAddress(option: string, text: string): Address {
  if (!isAddress(text)) throw new UsageError(`${option} needs an address, not ${text}.`);
  return getAddress(text);
}

function parseSince(text: string | undefined): Date | undefined {
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (/^\d{4}-\d{2}-\d{2}/.test(text) && !Number.isNaN(date.getTime())) return date;
  throw new UsageError(`--since needs a date such as 2026-01-31, not ${text}.`);
}
