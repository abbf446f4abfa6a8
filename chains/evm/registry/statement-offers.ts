import { type Address, decodeFunctionData, encodeFunctionData, type Hex, type PublicClient } from 'viem';
import type { ChainId } from '../../../schema/caip';
import { bridgesOf, StatementTransport, type TransportKind } from '../../../schema/types/chain';
import { gatewayAbi } from '../../abi/gateway';
import { type Call, TRANSPORT_NUMBER } from './calls';
import { chainHashOf } from './manifest';

/** What anyone may have a chain tell another: a grant of its licence book, or, at home, the registry's own state. */
export type Told = { readonly kind: 'LICENCE'; readonly grantId: Hex } | { readonly kind: 'REGISTRY_STATE' };

/** A statement over the cheapest transport, with its price in wei. */
export interface StatementOffer {
  readonly transport: StatementTransport;
  readonly feeWei: bigint;
}

/** Has the Gateway tell another chain. Anyone may. */
export function tellCall(
  gateway: Address,
  destinationChainId: ChainId,
  transport: StatementTransport,
  told: Told,
): Call {
  const way = [chainHashOf(destinationChainId), TRANSPORT_NUMBER[transport]] as const;
  const data =
    told.kind === 'LICENCE'
      ? encodeFunctionData({ abi: gatewayAbi, functionName: 'sendLicence', args: [...way, told.grantId] })
      : encodeFunctionData({ abi: gatewayAbi, functionName: 'sendRegistryState', args: way });
  return { to: gateway, data };
}

/** By which bridges a call of {@link tellCall} goes. @throws Error if it is none. */
export function bridgesOfTelling(data: Hex): readonly TransportKind[] {
  const { functionName, args } = decodeFunctionData({ abi: gatewayAbi, data });
  if (functionName !== 'sendLicence' && functionName !== 'sendRegistryState')
    throw new Error(`${functionName} tells no chain anything`);
  const sent = Object.values(StatementTransport).find((transport) => TRANSPORT_NUMBER[transport] === args[1]);
  if (sent === undefined) throw new Error(`${args[1]} is no transport`);
  return bridgesOf(sent);
}

/**
 * What telling another chain costs now, by the cheapest of the transports that carry it.
 *
 * @returns undefined if none does: its lane is paused, shut or too weak.
 */
export async function cheapestTelling(
  client: PublicClient,
  gateway: Address,
  destinationChainId: ChainId,
  transports: readonly StatementTransport[],
  told: Told,
): Promise<StatementOffer | undefined> {
  const offers = await Promise.all(
    transports.map(async (transport) => ({
      transport,
      feeWei: await feeOf(client, gateway, destinationChainId, transport, told),
    })),
  );
  let best: StatementOffer | undefined;
  for (const { transport, feeWei } of offers)
    if (feeWei !== undefined && (best === undefined || feeWei < best.feeWei)) best = { transport, feeWei };
  return best;
}

async function feeOf(
  client: PublicClient,
  gateway: Address,
  destinationChainId: ChainId,
  transport: StatementTransport,
  told: Told,
): Promise<bigint | undefined> {
  if (!(await isPassable(client, gateway, destinationChainId, transport))) return undefined;
  const at = { address: gateway, abi: gatewayAbi } as const;
  const way = [chainHashOf(destinationChainId), TRANSPORT_NUMBER[transport]] as const;
  const [feeWei] =
    told.kind === 'LICENCE'
      ? await client.readContract({ ...at, functionName: 'quoteLicence', args: [...way, told.grantId] })
      : await client.readContract({ ...at, functionName: 'quoteRegistryState', args: way });
  return feeWei;
}

async function isPassable(
  client: PublicClient,
  gateway: Address,
  destinationChainId: ChainId,
  transport: StatementTransport,
): Promise<boolean> {
  const lanes = await Promise.all(
    bridgesOf(transport).map((bridge) =>
      client.readContract({
        address: gateway,
        abi: gatewayAbi,
        functionName: 'laneOf',
        args: [chainHashOf(destinationChainId), TRANSPORT_NUMBER[bridge]],
      }),
    ),
  );
  return lanes.every(({ open, paused }) => open && !paused);
}
