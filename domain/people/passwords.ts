import { type Algorithm, hash, verify } from '@node-rs/argon2';

/**
 * OWASP Password Storage Cheat Sheet, read 2026-11: argon2id with 19 MiB, two passes, one lane.
 * CAST: the library's enum of algorithms is declared for the compiler only; 2 is argon2id.
 */
const COST = { algorithm: 2 as Algorithm, memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password that nobody knows: whoever is not there is refused as slowly as whoever is. */
let nobody: Promise<string> | undefined;

/** @returns argon2id in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, COST);
}

/** Takes as long whether or not there is a hash. */
export async function isPassword(password: string, known: string | null | undefined): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const matches = await verify(known ?? (await nobody), password);
  return matches && known != null;
}
