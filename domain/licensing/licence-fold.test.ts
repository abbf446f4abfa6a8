import { type Address, encodeAbiParameters, encodeEventTopics, type Hex, zeroAddress } from 'viem';
import { licenceBookAbi } from '../../chains/abi/licence-book';
import { chainHashOf } from '../../chains/evm/registry/manifest';
import type { ChainId } from '../../schema/caip';
import { ADA, BOB } from '../../test/support/travel-events';
import { BASE, HOME, MOONBEAM } from '../../test/support/travel-steps';
import { decodeRegistryEvent } from '../provenance/event-decoder';
import type { RegistryEvent } from '../provenance/registry-event';
import { chainsBehind, foldLicence, foldOffer } from './licence-fold';

const BOOK: Address = '0x5555555555555555555555555555555555555555';
const GRANT_ID: Hex = `0x${'9'.repeat(64)}`;
const TEMPLATE: Hex = `0x${'8'.repeat(64)}`;
const REASON: Hex = `0x${'7'.repeat(64)}`;

interface GrantOver {
  readonly revision?: bigint;
  readonly holder?: Address;
  readonly issuer?: ChainId;
}

const grant = ({ revision = 1n, holder = ADA, issuer = HOME }: GrantOver = {}) => ({
  issuerChainHash: chainHashOf(issuer),
  templateHash: TEMPLATE,
  holder,
  serial: 1n,
  revision,
  grantedAt: 1_000n,
  expiresAt: 2_000n,
  transferable: true,
  revocable: true,
  revoked: false,
  workIds: [7n, 8n],
});

/** A log of a licence book, as the follower records it and the intake decodes it. */
function event(
  eventName:
    | 'LicenceBought'
    | 'LicenceTransferred'
    | 'LicenceRevoked'
    | 'GrantApplied'
    | 'LicenceOffered'
    | 'OfferWithdrawn',
  indexed: object,
  plain: readonly unknown[],
  { chainId = HOME, block = 10, final = 10 }: { chainId?: ChainId; block?: number; final?: number } = {},
): RegistryEvent {
  const item = licenceBookAbi.find((one) => one.type === 'event' && one.name === eventName);
  if (item?.type !== 'event') throw new Error('the book has no such event');
  const log = {
    blockNumber: block,
    logIndex: 0,
    blockTime: 0,
    address: BOOK,
    // CAST: encodeEventTopics leaves no gaps when every indexed argument is given.
    topics: encodeEventTopics({ abi: [item], eventName, args: indexed } as never) as Hex[],
    // CAST: the values are those of the event's other inputs, in their order.
    data: encodeAbiParameters(
      item.inputs.filter((input) => !('indexed' in input && input.indexed)),
      plain as never,
    ),
    txHash: '0xaa',
    blockHash: '0xbb',
  } as const;
  const decoded = decodeRegistryEvent(log, { chainId, collection: BOOK, adopted: null }, final);
  if (decoded === undefined) throw new Error('the record needs this event');
  return decoded;
}

const bought = (place = {}) =>
  event('LicenceBought', { grantId: GRANT_ID, offerId: 3n, holder: ADA }, [BOB, grant()], place);
const transferred = (place = {}) =>
  event('LicenceTransferred', { grantId: GRANT_ID, from: ADA, to: BOB }, [2n], {
    block: 11,
    final: 11,
    ...place,
  });
const revoked = (place = {}) =>
  event('LicenceRevoked', { grantId: GRANT_ID, holder: BOB }, [REASON, 3n], {
    block: 12,
    final: 12,
    ...place,
  });
const applied = (chainId: ChainId, over: GrantOver = {}, place = {}) =>
  event(
    'GrantApplied',
    { grantId: GRANT_ID, holder: over.holder ?? ADA },
    [over.revision ?? 1n, grant(over)],
    {
      chainId,
      ...place,
    },
  );

test('a grant is what its purchase says, struct and list included', () => {
  expect(foldLicence([bought()])).toEqual({
    grantId: GRANT_ID,
    chainId: HOME,
    offerId: '3',
    templateHash: TEMPLATE,
    holder: `${HOME}:${ADA}`,
    tokenIds: ['7', '8'],
    revision: 1,
    grantedAt: new Date(1_000_000),
    expiresAt: new Date(2_000_000),
    transferable: true,
    revocable: true,
    revoked: false,
    reasonHash: null,
    provisional: false,
    copies: [],
    buyer: BOB,
  });
});

test('its issuer’s later events change holder, state and revision, and make it provisional until they are final', () => {
  const all = [bought(), transferred(), revoked({ final: 11 })];
  expect(foldLicence(all)).toMatchObject({
    holder: `${HOME}:${BOB}`,
    revoked: true,
    reasonHash: REASON,
    revision: 3,
    provisional: true,
  });
  expect(foldLicence([bought(), transferred(), revoked()])?.provisional).toBe(false);
  expect(foldLicence([bought(), transferred()])).toMatchObject({ revision: 2, revoked: false });
});

test('without its purchase, which a reorg took, there is no grant, whatever other chains were told', () => {
  expect(foldLicence([applied(BASE)])).toBeUndefined();
  expect(foldOffer([])).toBeUndefined();
});

test('other chains’ copies count by their latest revision, and those of another issuer not at all', () => {
  const late = applied(BASE, { revision: 2n, holder: BOB }, { block: 11, final: 10 });
  const forged = applied(MOONBEAM, { issuer: MOONBEAM });
  expect(foldLicence([bought(), applied(BASE), late, forged])?.copies).toEqual([
    { chainId: BASE, revision: 2, provisional: true },
  ]);
});

test('a chain is behind while its copy is older than the grant', () => {
  const chains = [HOME, BASE, MOONBEAM];
  const folded = foldLicence([bought(), transferred(), applied(BASE), applied(MOONBEAM, { revision: 2n })]);
  expect(folded && chainsBehind(folded, chains)).toEqual([BASE]);
});

test('an offer is what its event says until it is withdrawn', () => {
  const terms = {
    templateHash: TEMPLATE,
    currency: zeroAddress,
    price: 10n ** 18n,
    termSeconds: 0,
    closesAt: 0n,
    transferable: false,
    revocable: true,
    workIds: [],
  };
  const offered = event('LicenceOffered', { offerId: 3n, templateHash: TEMPLATE }, [terms]);
  expect(foldOffer([offered])).toEqual({
    chainId: HOME,
    offerId: '3',
    templateHash: TEMPLATE,
    currency: null,
    price: '1000000000000000000',
    termSeconds: null,
    closesAt: null,
    transferable: false,
    revocable: true,
    tokenIds: [],
    withdrawn: false,
    provisional: false,
  });
  const withdrawn = event('OfferWithdrawn', { offerId: 3n }, [], { block: 11, final: 10 });
  expect(foldOffer([offered, withdrawn])).toMatchObject({ withdrawn: true, provisional: true });
  const inToken = event('LicenceOffered', { offerId: 4n, templateHash: TEMPLATE }, [
    { ...terms, currency: BOOK, closesAt: 5n, termSeconds: 60 },
  ]);
  expect(foldOffer([inToken])).toMatchObject({
    currency: `${HOME}/erc20:${BOOK}`,
    closesAt: new Date(5_000),
    termSeconds: 60,
  });
});
