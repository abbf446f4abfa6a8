import { readFileSync } from 'node:fs';
import type { Address } from 'viem';
import { z } from 'zod';
import { componentAddresses } from '../../chains/evm/registry/manifest';
import { storedManifestSchema } from '../../domain/registry/manifest';
import { DomainError } from '../../schema/domain-error';
import { hasCode } from '../embedded/system-errors';
import type { ExitAction, ExitList } from './actions';
import { carryOut, readKey } from './carry-out';
import type { ExitCommand, ExitOptions } from './exit-arguments';
import { openChains } from './exit-chains';
import { ActionUnknownError, ExitInputError } from './exit-errors';
import { findActions } from './find-actions';
import { readOwners } from './owners-file';
import { readRegistry } from './registry-on-chain';
import { errorToJson, listToJson, listToText, outcomeToJson, outcomeToText } from './render';

/**
 * `exit`: shows or does what anyone may do with a registry's contracts, from the chains alone.
 *
 * @throws DomainError for whatever a person can act on.
 */
export async function runExit(command: ExitCommand, print: (line: string) => void): Promise<void> {
  try {
    await run(command, print);
  } catch (error) {
    if (command.json && error instanceof DomainError) print(errorToJson(error));
    throw error;
  }
}

async function run(command: ExitCommand, print: (line: string) => void): Promise<void> {
  const account = command.action === 'do' ? readKey(command.keyFile) : undefined;
  const gateway = gatewayOf(command.registry);
  const lastOwners = command.ownersFile === undefined ? undefined : readOwners(command.ownersFile);
  const chains = await openChains(command.rpcUrls);
  try {
    const registry = await readRegistry(chains, gateway, command.since);
    const list = await findActions(registry, command.tokens, lastOwners);
    if (command.action === 'list' || account === undefined) {
      print(command.json ? listToJson(list) : listToText(list));
      return;
    }
    const action = choose(list, command.which);
    const outcome = await carryOut(action, account);
    print(command.json ? outcomeToJson(action, outcome) : outcomeToText(action, outcome));
  } finally {
    for (const chain of chains) chain.close();
  }
}

/** By number in the list, from 1, or by id. */
function choose({ actions }: ExitList, which: string): ExitAction {
  const byNumber = /^\d{1,4}$/.test(which) ? actions[Number(which) - 1] : undefined;
  const action = byNumber ?? actions.find(({ id }) => id === which);
  if (action === undefined) throw new ActionUnknownError(which, actions.length);
  return action;
}

function gatewayOf(registry: ExitOptions['registry']): Address {
  if ('gateway' in registry) return registry.gateway;
  const { manifestFile } = registry;
  try {
    const manifest = storedManifestSchema.parse(JSON.parse(readFileSync(manifestFile, 'utf8')));
    return componentAddresses(manifest).gateway;
  } catch (cause) {
    if (cause instanceof z.ZodError)
      throw new ExitInputError(`${manifestFile} is no manifest:\n${z.prettifyError(cause)}`, { cause });
    if (cause instanceof SyntaxError || hasCode(cause, 'ENOENT', 'EACCES', 'EISDIR'))
      throw new ExitInputError(`${manifestFile} holds no JSON that can be read.`, { cause });
    throw cause;
  }
}
