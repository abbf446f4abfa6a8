import { isLoopbackAddress, isPublicAddress } from './address-policy';
import { ReceiverPolicy } from './receiver-policy';

const strict = new ReceiverPolicy({ allowLoopback: false });
const local = new ReceiverPolicy({ allowLoopback: true });

describe('an address is public', () => {
  test.each([
    '1.1.1.1',
    '8.8.8.8',
    '93.184.216.34',
    '100.63.255.255',
    '100.128.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '223.255.255.255',
    '2606:4700:4700::1111',
    '2a00:1450:4001:80b::200e',
  ])('%s', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('an address is not public', () => {
  test.each([
    ['0.0.0.0', 'unspecified'],
    ['0.1.2.3', 'this network'],
    ['10.0.0.1', 'private'],
    ['100.64.0.1', 'carrier-grade NAT'],
    ['100.100.100.200', 'metadata'],
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['169.254.169.254', 'metadata'],
    ['172.16.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.0.0.192', 'metadata'],
    ['192.0.2.1', 'documentation'],
    ['192.88.99.1', '6to4 relay'],
    ['192.168.1.1', 'private'],
    ['198.18.0.1', 'benchmarking'],
    ['198.51.100.1', 'documentation'],
    ['203.0.113.1', 'documentation'],
    ['224.0.0.1', 'multicast'],
    ['240.0.0.1', 'reserved'],
    ['255.255.255.255', 'broadcast'],
    ['::', 'unspecified'],
    ['::1', 'loopback'],
    ['::127.0.0.1', 'IPv4-compatible'],
    ['::ffff:127.0.0.1', 'IPv4-mapped'],
    ['::ffff:a00:1', 'IPv4-mapped'],
    ['::ffff:8.8.8.8', 'IPv4-mapped, whatever is inside'],
    ['::ffff:0:127.0.0.1', 'IPv4-translated'],
    ['64:ff9b::127.0.0.1', 'NAT64'],
    ['64:ff9b::808:808', 'NAT64'],
    ['64:ff9b:1::a00:1', 'local NAT64'],
    ['100::1', 'discard'],
    ['2001::1', 'Teredo'],
    ['2001:2::1', 'benchmarking'],
    ['2001:10::1', 'ORCHID'],
    ['2001:db8::1', 'documentation'],
    ['2002:7f00:1::', '6to4'],
    ['3fff::1', 'documentation'],
    ['fc00::1', 'unique local'],
    ['fd00:ec2::254', 'metadata'],
    ['fe80::1', 'link-local'],
    ['fec0::1', 'site-local'],
    ['ff02::1', 'multicast'],
    ['localhost', 'no address'],
    ['', 'no address'],
  ])('%s (%s)', (address) => expect(isPublicAddress(address)).toBe(false));
});

test('only this machine counts as loopback', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1'].map(isLoopbackAddress)).toEqual([true, true, true]);
  expect(['0.0.0.0', '::', '10.0.0.1', '::2', 'x'].map(isLoopbackAddress)).toEqual(Array(5).fill(false));
});

describe('a URL is refused before anything is asked', () => {
  test.each([
    'http://example.com/',
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'javascript:alert(1)',
    'example.com/hook',
    '',
    `https://example.com/${'x'.repeat(2_000)}`,
    'https://user:secret@example.com/',
    'https://user@example.com/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://0/',
    'https://1270.0.0.1/',
    'https://①②⑦.⓪.⓪.①/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[0:0:0:0:0:ffff:7f00:1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://[2002:7f00:1::]/',
    'https://[fd00:ec2::254]/',
    'https://[fe80::1%25eth0]/',
  ])('%s', (url) => expect(() => strict.parse(url)).toThrow('The URL '));
});

test('a name over https is let pass, to be resolved; a public address as it is', () => {
  expect(strict.parse('https://hooks.example.com:8443/a?b=c').address).toBeUndefined();
  expect(strict.parse('https://8.8.8.8/').address).toBe('8.8.8.8');
  expect(strict.parse('https://[2606:4700::1111]/').address).toBe('2606:4700::1111');
});

test('where loopback is allowed, http reaches this machine and nothing else', () => {
  expect(local.parse('http://127.0.0.1:9999/').address).toBe('127.0.0.1');
  expect(local.parse('http://[::1]:9999/').address).toBe('::1');
  for (const url of [
    'http://10.0.0.1/',
    'http://8.8.8.8/',
    'https://192.168.0.1/',
    'http://169.254.169.254/',
  ])
    expect(() => local.parse(url)).toThrow('The URL ');
  expect(() => local.checkAddress('8.8.8.8', 'http:')).toThrow('The URL ');
});
