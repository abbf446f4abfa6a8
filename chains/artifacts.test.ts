import { componentNames, loadCreationCode } from './artifacts';

describe('loadCreationCode', () => {
  test.each(['RegistryFactory', 'AdoptedCollection', ...componentNames] as const)(
    'finds the creation code of %s',
    (contract) => {
      const codeBytes = (loadCreationCode(contract).length - 2) / 2;
      expect(codeBytes).toBeGreaterThan(1_000);
      // EIP-3860, which every target chain has since Shanghai.
      expect(codeBytes).toBeLessThanOrEqual(49_152);
    },
  );
});
