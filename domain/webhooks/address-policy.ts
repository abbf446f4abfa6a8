import { BlockList, isIP } from 'node:net';

/**
 * Address space that no receiver on the internet has: the IANA special-purpose registries
 * (https://www.iana.org/assignments/iana-ipv4-special-registry, 2025-10-09) and multicast (RFC 5771).
 * 169.254.169.254 and its like, where clouds keep their credentials, are link-local or private.
 */
const NON_PUBLIC_IPV4 = [
  '0.0.0.0/8', // this network, unspecified
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; 100.100.100.200 is a cloud's metadata
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays, deprecated
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarking
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
] as const;

/**
 * What IANA has allotted for global unicast; IPv4 in IPv6 clothes (mapped, NAT64, 6to4, Teredo) is refused
 * whatever the address inside (https://www.iana.org/assignments/iana-ipv6-special-registry, 2025-10-09).
 */
const PUBLIC_IPV6 = ['2000::/3'] as const;
const NON_PUBLIC_IPV6 = [
  '2001::/23', // IETF protocol assignments: Teredo, ORCHID, benchmarking
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
] as const;

const nonPublicIpv4 = blockList(NON_PUBLIC_IPV4, 'ipv4');
const publicIpv6 = blockList(PUBLIC_IPV6, 'ipv6');
const nonPublicIpv6 = blockList(NON_PUBLIC_IPV6, 'ipv6');
const loopbackIpv4 = blockList(['127.0.0.0/8'], 'ipv4');
const loopbackIpv6 = blockList(['::1/128'], 'ipv6');

/** True if the address is one that anybody on the internet could be asked at. @param address - IPv4 or IPv6. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !nonPublicIpv4.check(address, 'ipv4');
    case 6:
      return publicIpv6.check(address, 'ipv6') && !nonPublicIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

/** True for an address of this machine itself, in its plain notation. */
export function isLoopbackAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return loopbackIpv4.check(address, 'ipv4');
    case 6:
      return loopbackIpv6.check(address, 'ipv6');
    default:
      return false;
  }
}

function blockList(ranges: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
