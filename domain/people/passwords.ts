import argon2 from 'argon2';

/** OWASP Password Storage Cheat Sheet, read 2026-11: argon2id with 19 MiB, two passes, one lane. */
const COST = { type: argon2.argon2id, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;

/** Of a password that nobody knows: whoever is not there is refused as slowly as whoever is. */
let nobody: Promise<string> | undefined;

/** @returns argon2id in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return argon2.hash(password, COST);
}

/** Takes as long whether or not there is a hash. */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  nobody ??= hashPassword(crypto.randomUUID());
  const matches = await argon2.verify(hash ?? (await nobody), password);
  return matches && hash != null;
}
