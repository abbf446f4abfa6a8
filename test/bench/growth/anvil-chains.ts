import { type Abi, encodeFunctionData, type Hex, parseAbi } from 'viem';
import { eip155Number } from '../../../schema/caip';
import { quantity, rpc, rpcBatch } from '../../devnet/json-rpc';
import { type BareAnvil, startBareAnvil } from '../../integration/transactions/bare-anvil';
import { compileContract } from '../solc';
import type { GrowthChains } from './chains';
import type { Life, LifeLog, Side } from './life';
import { COLLECTION, GATEWAY, HOME, MIRROR } from './registry';

const ABI = parseAbi([
  'struct Line { address at; bytes32[] topics; bytes data; }',
  'function play(Line[] lines)',
  'function say(bytes32[] topics, bytes data)',
]);

/** Has contracts write any logs: `play` is told which, `say` writes one of its own. */
const SOURCE = `
pragma solidity 0.8.28;
contract Stage {
  struct Line { address at; bytes32[] topics; bytes data; }
  function play(Line[] calldata lines) external {
    for (uint256 i; i < lines.length; ++i) Stage(lines[i].at).say(lines[i].topics, lines[i].data);
  }
  function say(bytes32[] calldata topics, bytes calldata data) external {
    bytes memory text = data;
    uint256 n = topics.length;
    bytes32 a = n > 0 ? topics[0] : bytes32(0);
    bytes32 b = n > 1 ? topics[1] : bytes32(0);
    bytes32 c = n > 2 ? topics[2] : bytes32(0);
    bytes32 d = n > 3 ? topics[3] : bytes32(0);
    assembly {
      let at := add(text, 32)
      let size := mload(text)
      switch n
      case 0 { log0(at, size) }
      case 1 { log1(at, size, a) }
      case 2 { log2(at, size, a, b) }
      case 3 { log3(at, size, a, b, c) }
      default { log4(at, size, a, b, c, d) }
    }
  }
}`;
const STAGE: Hex = `0x${'57'.repeat(20)}`;

/** The same lives on two real nodes: each transaction has contracts at the registry's addresses write its logs. */
export async function startAnvilChains(life: Life): Promise<GrowthChains> {
  // Of another second each: the hash of anvil's first block knows of its chain nothing but the time.
  const anvils: Record<Side, BareAnvil> = {
    home: await startBareAnvil(eip155Number(HOME), { args: ['--timestamp', String(life.timeOf(0))] }),
    mirror: await startBareAnvil(eip155Number(MIRROR), { args: ['--timestamp', String(life.timeOf(0) - 1)] }),
  };
  const stop = async () => {
    await Promise.all([anvils.home.stop(), anvils.mirror.stop()]);
  };
  try {
    const code = compileContract('Stage', SOURCE, 'deployedBytecode');
    const players = {
      home: await Player.on(anvils.home.url, 'home', life, code),
      mirror: await Player.on(anvils.mirror.url, 'mirror', life, code),
    };
    const urlsOf = ({ url }: BareAnvil) => [url, url.replace('127.0.0.1', 'localhost')] as const;
    return {
      urls: { home: urlsOf(anvils.home), mirror: urlsOf(anvils.mirror) },
      stop,
      get head() {
        return players.home.head;
      },
      async advance(block) {
        await Promise.all([players.home.playTo(block), players.mirror.playTo(block)]);
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Plays one chain's part. */
class Player {
  head = 0;

  private constructor(
    private readonly url: string,
    private readonly side: Side,
    private readonly life: Life,
    private readonly account: Hex,
  ) {}

  static async on(url: string, side: Side, life: Life, code: Hex): Promise<Player> {
    for (const address of [STAGE, COLLECTION, GATEWAY]) await rpc(url, 'anvil_setCode', [address, code]);
    const [account = '0x'] = (await rpc(url, 'eth_accounts')) as Hex[]; // CAST: anvil's own accounts
    return new Player(url, side, life, account);
  }

  async playTo(block: number): Promise<void> {
    while (this.head < block) {
      this.head += 1;
      const sent = this.life.transactions(this.side, this.head).map((logs) => ({
        method: 'eth_sendTransaction',
        params: [{ from: this.account, to: STAGE, gas: quantity(250_000), data: playing(logs) }],
      }));
      await rpcBatch(this.url, [
        ...sent,
        { method: 'evm_setNextBlockTimestamp', params: [this.life.timeOf(this.head)] },
        { method: 'evm_mine', params: [] },
      ]);
    }
  }
}

function playing(logs: readonly LifeLog[]): Hex {
  const lines = logs.map(({ address, topics, data }) => ({ at: address, topics, data }));
  return encodeFunctionData({ abi: ABI as Abi, functionName: 'play', args: [lines] });
}
