import { pad, zeroAddress } from 'viem';
import { evmAccountId, evmChainId } from '../../../schema/caip';
import { payeeIdOf, payeeOf } from './payees';
import { settlementIdIn, settlementKey } from './vault-calls';

const ACCOUNT = evmAccountId(evmChainId(1), '0x8617E340B3D01FA5F11F306F4090FD50E238070D');

test('a claimant makes another payee, and ids leave room for a share', () => {
  const plain = payeeIdOf(payeeOf(ACCOUNT));
  const claimed = payeeIdOf(payeeOf(ACCOUNT, '0x52908400098527886E0F7030069857D2E4169EE7'));
  expect(plain).not.toBe(claimed);
  expect([plain, claimed].map((id) => [id.length, id.slice(-4)])).toEqual([
    [66, '0000'],
    [66, '0000'],
  ]);
  expect(payeeIdOf(payeeOf(ACCOUNT, zeroAddress))).toBe(plain);
});

test('a settlement is found again by the name that vaults call it by, and other names are nobody’s', () => {
  const id = '00000000-0000-4000-8000-0123456789ab';
  expect(settlementIdIn(settlementKey(id))).toBe(id);
  expect(settlementIdIn(pad('0x01', { size: 32 }))).toBeUndefined();
});
