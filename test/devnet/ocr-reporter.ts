import { concat, encodeAbiParameters, encodeFunctionData, type Hex, keccak256, padHex, toHex } from 'viem';
import { sign } from 'viem/accounts';
import { CCIP_ABI, COMMIT_REPORT, EXECUTION_REPORTS, type Message } from './ccip-messages';

/** One lane's part of a commit report. */
export interface LaneRoot {
  readonly sourceChainSelector: bigint;
  readonly onRampAddress: Hex;
  readonly minSeqNr: bigint;
  readonly maxSeqNr: bigint;
  readonly merkleRoot: Hex;
}

/** Writes and signs the reports of the commit and execution plugins (OCR3). */
export class OcrReporter {
  private sequence = 0n;

  constructor(
    private readonly signerKeys: readonly Hex[],
    private readonly commitConfigDigest: Hex,
    private readonly executionConfigDigest: Hex,
  ) {}

  /** Calldata of `OffRamp.commit` for roots without a blessing and without prices. */
  async commit(roots: readonly LaneRoot[]): Promise<Hex> {
    const report = encodeAbiParameters(COMMIT_REPORT, [
      {
        priceUpdates: { tokenPriceUpdates: [], gasPriceUpdates: [] },
        blessedMerkleRoots: [],
        unblessedMerkleRoots: roots,
        rmnSignatures: [],
      },
    ]);
    const context = this.context(this.commitConfigDigest);
    const hash = keccak256(concat([keccak256(report), ...context]));
    const signatures = await Promise.all(this.signerKeys.map((privateKey) => sign({ hash, privateKey })));
    const parities = concat(signatures.map(({ yParity }) => toHex(yParity ?? 0, { size: 1 })));
    return encodeFunctionData({
      abi: CCIP_ABI,
      functionName: 'commit',
      args: [
        context,
        report,
        signatures.map(({ r }) => r),
        signatures.map(({ s }) => s),
        padHex(parities, { dir: 'right', size: 32 }),
      ],
    });
  }

  /** Calldata of `OffRamp.execute` for one message without tokens' off-chain data. */
  execute(message: Message, proofs: readonly Hex[]): Hex {
    const report = encodeAbiParameters(EXECUTION_REPORTS, [
      [
        {
          sourceChainSelector: message.header.sourceChainSelector,
          messages: [message],
          offchainTokenData: [message.tokenAmounts.map((): Hex => '0x')],
          proofs,
          proofFlagBits: 0n,
        },
      ],
    ]);
    const context = this.context(this.executionConfigDigest);
    return encodeFunctionData({ abi: CCIP_ABI, functionName: 'execute', args: [context, report] });
  }

  private context(configDigest: Hex): readonly [Hex, Hex] {
    this.sequence += 1n;
    return [configDigest, toHex(this.sequence, { size: 32 })];
  }
}
