import type { Hex } from 'viem';

/** The part of solc's JavaScript interface that is used here. */
interface Solc {
  compile(input: string): string;
}

/** Compiles a contract of one source. @param which - What creates it, or what stands on chain then. */
export function compileContract(
  name: string,
  source: string,
  which: 'bytecode' | 'deployedBytecode' = 'bytecode',
): Hex {
  // CAST: solc ships no types.
  const solc = require('solc') as Solc;
  const input = {
    language: 'Solidity',
    sources: { [name]: { content: source } },
    settings: {
      evmVersion: 'paris',
      optimizer: { enabled: true },
      outputSelection: { '*': { '*': [`evm.${which}.object`] } },
    },
  };
  // CAST: the shape that outputSelection asks for.
  const output = JSON.parse(solc.compile(JSON.stringify(input))) as {
    contracts?: Record<string, Record<string, { evm: Record<string, { object: string }> }>>;
  };
  const code = output.contracts?.[name]?.[name]?.evm[which]?.object;
  if (code === undefined) throw new Error(`solc made no code of ${name}: ${JSON.stringify(output)}`);
  return `0x${code}`;
}
