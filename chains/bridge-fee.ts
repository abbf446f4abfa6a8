import { parseEventLogs } from 'viem';
import { ccipOnRampAbi } from './abi/protocol/ccip';
import { layerZeroFeeAbi } from './abi/protocol/oft';
import type { EvmChain } from './chain-table';
import type { SourceReceipt } from './transports';

/**
 * What bridges were paid in a transaction, in wei, as their own logs say: CCIP's fee by its message; LayerZero's by what
 * its executor and its verifiers were paid. (LayerZero's treasury, which charges nothing as of 2026-11, logs nothing.)
 */
export function bridgeFeeIn({ logs }: Pick<SourceReceipt, 'logs'>, { ccip, layerZero }: EvmChain): bigint {
  const of = (address: string) => logs.filter((log) => log.address.toLowerCase() === address.toLowerCase());
  const messages = parseEventLogs({
    abi: ccipOnRampAbi,
    logs: of(ccip.onRamp),
    eventName: 'CCIPMessageSent',
  });
  const paid = parseEventLogs({ abi: layerZeroFeeAbi, logs: of(layerZero.sendUln) });
  const ccipFees = messages.map(({ args }) => args.message.feeTokenAmount);
  const layerZeroFees = paid.flatMap((log) =>
    log.eventName === 'ExecutorFeePaid' ? [log.args.fee] : log.args.fees,
  );
  return [...ccipFees, ...layerZeroFees].reduce((sum, fee) => sum + fee, 0n);
}
